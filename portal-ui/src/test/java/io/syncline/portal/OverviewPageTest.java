package io.syncline.portal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The first page and the search, at a platform with scripted answers. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"syncline.portal.client-id=portal", "syncline.portal.client-secret=portal-secret"})
class OverviewPageTest {

    private static final FakePlatform PLATFORM = start();
    private static final String RUN = "019a9f3e-0000-7000-8000-00000000c21f";

    @LocalServerPort
    private int port;

    private Browser browser;

    private static FakePlatform start() {
        try {
            return new FakePlatform();
        } catch (IOException trouble) {
            throw new AssertionError(trouble);
        }
    }

    @DynamicPropertySource
    static void platform(DynamicPropertyRegistry registry) {
        registry.add("syncline.portal.platform-url", PLATFORM::url);
    }

    @AfterAll
    static void stop() {
        PLATFORM.close();
    }

    @BeforeEach
    void signIn() {
        PLATFORM.reset();
        PLATFORM.answers("/api/v1/overview", 200, busy());
        browser = new Browser(port);
        browser.signIn("ana", FakePlatform.PASSWORD);
    }

    @Test
    void whoSignsInWithoutATargetLandsOnTheOverview() {
        var landed = new Browser(port).signIn("ana", FakePlatform.PASSWORD);

        assertThat(landed.statusCode()).isEqualTo(200);
        assertThat(landed.uri().getPath()).isEqualTo("/");
        assertThat(landed.body()).contains("<h1>Overview</h1>");
    }

    @Test
    void whatNeedsAttentionStandsInOrderWithItsReasonAndItsWaysOn() {
        var page = browser.get("/").body();

        assertThat(page.indexOf("customer-sync")).isPositive().isLessThan(page.indexOf("price-feed"));
        assertThat(page.indexOf("price-feed")).isLessThan(page.indexOf("rejected triggers"));
        assertThat(page.indexOf("rejected triggers")).isLessThan(page.indexOf("DEAD LETTER"));
        assertThat(page)
                .contains("load: reported FAILED", "CRM is down for maintenance")
                .contains("/runs?group=customer-sync&amp;state=FAILED&amp;unresolved=true")
                .contains("200+ failed runs")
                .contains("/runs/" + RUN + "/actions/rerun-failed?back=/")
                .contains("/alerts/a1/acknowledge?back=/")
                .contains("OVERDUE ")
                .contains("/triggers?status=REJECTED&amp;source=%2Ferp%20%26%20co")
                .contains("The type is unknown.");
    }

    @Test
    void whatSomebodyHasTakenUpIsOneClickAway() {
        var open = browser.get("/").body();
        var taken = browser.get("/?show=taken").body();
        var all = browser.get("/?show=all").body();

        assertThat(open).doesNotContain("taken up by bo").contains("/?show=taken");
        assertThat(taken).contains("taken up by bo").doesNotContain("CRM is down for maintenance");
        assertThat(all).contains("taken up by bo", "CRM is down for maintenance");
    }

    @Test
    void whatRunsAndWhatIsDueIsToldWithBothZones() {
        var page = browser.get("/").body();

        assertThat(page)
                .contains("stock-sync", "62 %", "3 of 5 tasks")
                .contains("invoice-export", "= 15:15 Europe/Berlin")
                .contains("PAUSED by ana");
    }

    @Test
    void groupsShowTheirLastRunsAsShapesWithASummaryInWords() {
        var page = browser.get("/").body();

        assertThat(page)
                .contains("aria-label=\"FAILED\"")
                .contains("1 completed, 1 failed")
                .contains("OVER TARGET")
                .contains("every 2 h 0 min");
    }

    @Test
    void theClusterIsOneLineThatLeadsOn() {
        assertThat(browser.get("/").body())
                .contains("2 nodes are live")
                .contains("1 lost")
                .contains("200+ messages");
    }

    @Test
    void partsThatMoveSayByWhat() {
        var page = browser.get("/").body();

        assertThat(page)
                .contains("data-live=\"run trigger alert\"")
                .contains("data-live=\"run\" data-poll")
                .contains("data-live=\"cluster\" data-poll");
        assertThat(page).contains("data-hx-get=\"/badges\"");
    }

    @Test
    void aGoodDayIsSaidInWords() {
        PLATFORM.answers("/api/v1/overview", 200, Samples.calmOverview());

        var page = browser.get("/").body();

        assertThat(page).contains("Nothing needs attention.", "Last failure", "No schedule fires in the next 2 hours.");
        assertThat(page).contains("No task groups yet.");
    }

    @Test
    void aViewerIsToldWhyThereAreNoButtons() {
        PLATFORM.person("vic", "Vic Lee", "[\"viewer\"]", "[\"airports\"]", "[\"runs:read\"]");
        PLATFORM.answers("/api/v1/overview", 200, busy().replace("\"rerun-failed\"", ""));
        var viewer = new Browser(port);
        viewer.signIn("vic", FakePlatform.PASSWORD);

        var page = viewer.get("/").body();

        assertThat(page)
                .contains("takes the scope")
                .doesNotContain("/actions/rerun-failed")
                .doesNotContain("acknowledge?");
    }

    @Test
    void nothingThatSomebodySentIsReadAsMarkup() {
        PLATFORM.answers("/api/v1/overview", 200, busy().replace("CRM is down for maintenance", "<script>x</script>"));

        var page = browser.get("/").body();

        assertThat(page).contains("&lt;script&gt;x&lt;/script&gt;").doesNotContain("<script>x");
        assertThat(page).doesNotContain("style=");
    }

    @Test
    void aPlatformThatDoesNotAnswerIsAPageThatSaysSo() {
        PLATFORM.goesDown();

        var page = browser.get("/");

        assertThat(page.statusCode()).isEqualTo(503);
        assertThat(page.body()).contains("The platform cannot be reached", "Try again");
    }

    @Test
    void badgesAreFetchedApartAndNeverBreakAPage() {
        PLATFORM.answers("/api/v1/overview/counts", 200, """
                {"open": {"value": 5, "relation": "eq"}, "rejected": {"value": 200, "relation": "gte"},
                 "firing": {"value": 0, "relation": "eq"}, "dead": {"value": 31, "relation": "eq"},
                 "schedulesPaused": {"since": "2026-11-20T05:00:00Z", "by": "ana", "reason": "the <data> centre moves"}}""");

        var badges = browser.get("/badges").body();

        assertThat(badges)
                .contains("id=\"badge-overview\"")
                .contains(">5<")
                .contains(">200+<")
                .contains(">31<", " dead letters")
                .contains("id=\"standing\"", "All scheduling is paused", "the &lt;data&gt; centre moves")
                .contains("data-hx-swap-oob=\"true\"");
        assertThat(badges.substring(badges.indexOf("badge-alerts"))).contains("hidden");
        PLATFORM.answers("/api/v1/overview/counts", 503, "{}");
        assertThat(browser.get("/badges").statusCode()).isEqualTo(200);
        assertThat(browser.get("/badges").body()).doesNotContain("All scheduling is paused");
    }

    @Test
    void anExactIdLeadsToItsPage() {
        PLATFORM.answers("/api/v1/runs/" + RUN, 200, Samples.failedRun());

        var found = browser.getWithoutFollowing("/search?q=" + RUN.toUpperCase(java.util.Locale.ROOT));

        assertThat(found.statusCode()).isEqualTo(302);
        assertThat(found.headers().firstValue("Location").orElse("")).endsWith("/runs/" + RUN);
    }

    @Test
    void aTaskRunLeadsToItsRunAndAGroupToItsPage() {
        var task = "019a9f3e-0000-7000-8000-000000000077";
        PLATFORM.answers("/api/v1/task-runs/" + task, 200, "{\"runId\": \"" + RUN + "\"}");
        PLATFORM.answers("/api/v1/groups/airports-daily", 200, "{\"key\": \"airports-daily\"}");

        assertThat(location("/search?q=" + task)).endsWith("/runs/" + RUN);
        assertThat(location("/search?q=+airports-daily+")).endsWith("/groups/airports-daily");
    }

    @Test
    void aBusinessKeyOfOneRunLeadsThereAndOneOfSeveralToTheList() {
        PLATFORM.answers("/api/v1/runs", 200, "{\"items\": [{\"runId\": \"" + RUN + "\"}], \"nextCursor\": null}");
        assertThat(location("/search?q=2026-11-20%20A%26B")).endsWith("/runs/" + RUN);

        PLATFORM.answers(
                "/api/v1/runs", 200, "{\"items\": [{\"runId\": \"a\"}, {\"runId\": \"b\"}], \"nextCursor\": null}");
        assertThat(location("/search?q=2026-11-20%20A%26B")).endsWith("/runs?businessKey=2026-11-20%20A%26B");
    }

    @Test
    void whatGoesByTwoThingsIsAChoice() {
        PLATFORM.answers("/api/v1/groups/prices", 200, "{\"key\": \"prices\"}");
        PLATFORM.answers("/api/v1/systems/prices", 200, "{\"key\": \"prices\"}");

        var page = browser.get("/search?q=prices").body();

        assertThat(page).contains("2</span> things go by", "/groups/prices", "/systems/prices");
    }

    @Test
    void whatIsNotFoundSaysWhatWasTriedAndWhereToLook() {
        var page = browser.get("/search?q=" + "4bf92f3577b34da6a3ce929d0e0e4736");

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body())
                .contains("Nothing goes by exactly")
                .contains("It looks like a trace id.")
                .contains("/runs?businessKey=4bf92f3577b34da6a3ce929d0e0e4736");
        assertThat(browser.get("/search").body()).contains("What can be found");
        assertThat(browser.get("/search?q=%3Cb%3Ex").body())
                .contains("&lt;b&gt;x")
                .doesNotContain("<b>x");
    }

    @Test
    void aSearchAtAPlatformThatDoesNotAnswerSaysSo() {
        PLATFORM.goesDown();

        assertThat(browser.get("/search?q=prices").statusCode()).isEqualTo(503);
    }

    private String location(String path) {
        return browser.getWithoutFollowing(path)
                .headers()
                .firstValue("Location")
                .orElse("none");
    }

    private static String busy() {
        return """
                {"at": "2026-11-20T14:03:07Z",
                 "attention": {
                  "failed": [
                   {"group": "customer-sync", "count": {"value": 200, "relation": "gte"}, "acknowledged": 1,
                    "firstSince": "2026-11-20T13:51:00Z", "lastSince": "2026-11-20T13:55:00Z", "runId": "%s",
                    "businessKey": "2026-03-04", "resolution": null, "task": "load", "cause": "REPORTED_FAILED",
                    "message": "CRM is down for maintenance", "allowedActions": ["rerun-failed"], "alertId": "a1",
                    "alertState": "OPEN"},
                   {"group": "hr-import", "count": {"value": 1, "relation": "eq"}, "acknowledged": 1,
                    "firstSince": "2026-11-20T12:51:00Z", "lastSince": "2026-11-20T12:51:00Z", "runId": "r2",
                    "businessKey": null, "resolution": {"status": "ACKNOWLEDGED", "by": "bo", "reason": "known"},
                    "task": "copy", "cause": "TIMED_OUT", "message": null, "allowedActions": ["rerun-failed"],
                    "alertId": null, "alertState": null}],
                  "late": [
                   {"runId": "r3", "group": "price-feed", "businessKey": null,
                    "flags": [{"flag": "OVERDUE", "since": "2026-11-20T13:50:00Z"}], "task": "load",
                    "lastSign": "2026-11-20T13:40:00Z", "deadline": "2026-11-20T18:00:00Z", "allowedActions": ["cancel"],
                    "alertId": "a2", "alertState": "OPEN"}],
                  "rejected": [
                   {"source": "/erp & co", "count": {"value": 7, "relation": "eq"}, "firstAt": "2026-11-20T13:20:00Z",
                    "lastAt": "2026-11-20T13:59:00Z", "triggerId": "t1", "title": "No group takes it",
                    "detail": "The type is unknown."}],
                  "alerts": [
                   {"alertId": "a3", "state": "OPEN", "condition": "DEAD_LETTER", "title": "31 messages were given up",
                    "system": null, "cause": "alert over ops-mail", "count": 1, "standing": 1,
                    "openedAt": "2026-11-20T09:02:00Z", "acknowledged": null, "silencedUntil": null,
                    "allowedActions": []}],
                  "more": false},
                 "lastFailure": null,
                 "running": [
                  {"runId": "r4", "group": "stock-sync", "businessKey": "2026-11-20", "flags": [],
                   "startedAt": "2026-11-20T14:00:00Z", "tasks": 5, "tasksDone": 3, "percent": 62,
                   "expectedEnd": "2026-11-20T14:09:00Z"}],
                 "moreRunning": false,
                 "due": [
                  {"group": "invoice-export", "at": "2026-11-20T14:15:00Z", "zone": "Europe/Berlin", "paused": null},
                  {"group": "hr-export", "at": "2026-11-20T14:30:00Z", "zone": "UTC",
                   "paused": {"since": "2026-11-20T10:00:00Z", "by": "ana", "reason": "stocktaking"}}],
                 "groups": [
                  {"group": "customer-sync", "paused": null,
                   "runs": [{"runId": "r1", "state": "COMPLETED"}, {"runId": "%s", "state": "FAILED"}],
                   "lastSuccess": "2026-11-20T10:53:00Z", "freshness": "PT2H", "overTarget": true}],
                 "moreGroups": false,
                 "cluster": {"nodesLive": 2, "nodesLost": 1, "due": {"value": 0, "relation": "eq"},
                   "queuedRuns": {"value": 1, "relation": "eq"}, "outbox": {"value": 200, "relation": "gte"}},
                 "counts": {}}""".formatted(RUN, RUN);
    }
}
