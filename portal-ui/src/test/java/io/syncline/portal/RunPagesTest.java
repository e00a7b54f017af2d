package io.syncline.portal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The list of runs, the page of one, and what people do there. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "syncline.portal.client-id=portal",
            "syncline.portal.client-secret=portal-secret",
            "syncline.portal.display.trace-url=https://traces.example.com/{traceId}"
        })
class RunPagesTest {

    private static final FakePlatform PLATFORM = start();
    private static final String RUN = "019a9f3e-0000-7000-8000-00000000c21f";
    private static final String API = "/api/v1/runs/" + RUN;
    private static final String PAGE = "/runs/" + RUN;
    private static final Pattern KEY = Pattern.compile("name=\"key\" value=\"([^\"]+)\"");

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
    void open() {
        PLATFORM.reset();
        PLATFORM.answers("/api/v1/runs", 200, "{\"items\":[],\"nextCursor\":null}");
        PLATFORM.answers(API, 200, RunSamples.failed());
        PLATFORM.answers(API + "/history", 200, RunSamples.history());
        PLATFORM.person("vic", "Vic", "[\"viewer\"]", "[\"*\"]", "[\"config:read\",\"runs:read\"]");
        browser = new Browser(port);
        browser.signIn("ana", FakePlatform.PASSWORD);
        PLATFORM.forgetRequests();
    }

    @Test
    void theHeadSaysInWordsWhatHappenedAndWhy() {
        var page = browser.get(PAGE).body();

        assertThat(page)
                .contains(
                        "Task load failed: the downstream reported FAILED after 3 attempts: “CRM is down for maintenance”.",
                        "notify was not started because of it.",
                        "Resolution: <span>OPEN</span>");
    }

    @Test
    void everythingElseIsALinkOnThePage() {
        var page = browser.get(PAGE).body();

        assertThat(page)
                .contains(
                        "href=\"/triggers/019a9f3d-0000-7000-8000-000000000001\"",
                        "href=\"/groups/customer-sync/versions/17\"",
                        "href=\"/runs/019a9f3c-0000-7000-8000-000000000009\"",
                        "href=\"https://traces.example.com/4bf92f3577b34da6a3ce929d0e0e4736\"",
                        "href=\"/systems/crm\"");
    }

    @Test
    void theTimelineDrawsAttemptsAndReadsAsSentences() {
        var page = browser.get(PAGE).body();

        assertThat(page)
                .contains("load, attempt 2, failed, 13:45:00 to 13:46:00.", "load, waiting, 13:43:00 to 13:45:00.")
                .contains("class=\"lane-failed\"", "class=\"lane-waiting\"", "?zoom=250-750#timeline")
                .doesNotContain("style=")
                .doesNotContain("class=\"lane-now\"");
        assertThat(browser.get(PAGE + "?zoom=0-100").body())
                .contains("?zoom=25-75#timeline", "href=\"" + PAGE + "#timeline\"");
        assertThat(browser.get(PAGE + "?zoom=nonsense").statusCode()).isEqualTo(200);
    }

    @Test
    void theTimelineIsNarrowedToWhatFailedOrIsPendingAndTheZoomKeepsIt() {
        var all = timeline(PAGE);
        var failed = timeline(PAGE + "?show=failed&zoom=250-750");
        var pending = timeline(PAGE + "?show=pending");

        assertThat(all).contains("href=\"#task-validate\"", "href=\"#task-load\"", "failed (1)", "pending (0)");
        assertThat(failed)
                .contains("href=\"#task-load\"", "?show=failed&amp;zoom=375-625#timeline")
                .contains("href=\"" + PAGE + "?show=pending&amp;zoom=250-750#timeline\"")
                .contains("href=\"" + PAGE + "?zoom=250-750#timeline\"")
                .doesNotContain("href=\"#task-validate\"");
        assertThat(pending).contains("No task is like that.").doesNotContain("<table");
        assertThat(timeline(PAGE + "?show=nonsense")).isEqualTo(all);
    }

    private String timeline(String address) {
        var page = browser.get(address).body();
        int begin = page.indexOf("id=\"timeline\"");
        return page.substring(begin, page.indexOf("</section>", begin));
    }

    @Test
    void theListShowsWhenRunsWereMadeAndEachSpanIsALink() {
        PLATFORM.answers("/api/v1/runs", 200, Samples.runs());
        PLATFORM.answers("/api/v1/runs/histogram", 200, """
                {"from": "2026-11-20T10:30:00Z", "to": "2026-11-20T12:00:00Z", "step": "PT30M", "spans": [
                  {"from": "2026-11-20T10:30:00Z", "to": "2026-11-20T11:00:00Z", "runs": {"value": 0, "relation": "eq"}, "states": {}},
                  {"from": "2026-11-20T11:00:00Z", "to": "2026-11-20T11:30:00Z", "runs": {"value": 500, "relation": "gte"},
                   "states": {"COMPLETED": 500, "FAILED": 1}},
                  {"from": "2026-11-20T11:30:00Z", "to": "2026-11-20T12:00:00Z", "runs": {"value": 4, "relation": "eq"},
                   "states": {"QUEUED": 1, "RUNNING": 1, "SKIPPED": 1, "CANCELLED": 1}}]}""");
        PLATFORM.forgetRequests();

        var page = browser.get("/runs?group=airports-daily&state=-SKIPPED&within=PT1H")
                .body();

        assertThat(PLATFORM.requests())
                .contains("GET /api/v1/runs/histogram?group=airports-daily&state=-SKIPPED&within=PT1H");
        assertThat(page)
                .contains("At least 504 runs, 1 of them failed.", "500+")
                .contains("2026-11-20 11:00 to 2026-11-20 11:30: 500+ runs, 1 failed, 500 completed")
                .contains("href=\"/runs?group=airports-daily&amp;state=-SKIPPED&amp;from=2026-11-20T11%3A00%3A00Z"
                        + "&amp;to=2026-11-20T11%3A30%3A00Z\"")
                .contains("class=\"lane-failed\" y=\"58\" height=\"2\"")
                .doesNotContain("2026-11-20 10:30 to");
    }

    @Test
    void theListStandsWithoutItsHistogramAndDoesNotAskForItAgainWhileItIsLive() {
        PLATFORM.answers("/api/v1/runs", 200, Samples.runs());
        PLATFORM.answers("/api/v1/runs/histogram", 503, "{\"detail\":\"Overloaded.\"}");

        var page = browser.get("/runs");

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("When these runs were made cannot be shown", "Overloaded.", "airports-daily");
        PLATFORM.forgetRequests();
        assertThat(browser.getWithoutFollowing("/runs", "X-Live", "true").body())
                .contains("airports-daily");
        assertThat(PLATFORM.requests()).noneMatch(request -> request.contains("histogram"));
    }

    @Test
    void aCallShowsItsRequestAndAnswerAndACurlWithoutSecrets() {
        PLATFORM.answers("/api/v1/task-runs/t2/calls/c9", 200, RunSamples.call());

        var page = browser.get(PAGE + "?task=load&call=c9").body();

        assertThat(page)
                .contains(
                        "Call of load, attempt 3, round 9",
                        "503 after 1\u00a0920 ms",
                        "Bearer ••••41c9e0",
                        "Down for maintenance")
                .contains("curl -X POST &#39;https://crm.example.com/sync/customers&#39;")
                .contains("Authorization: Bearer &lt;authorization&gt;")
                .contains("not all of it is kept");
        assertThat(PLATFORM.requests()).contains("GET /api/v1/task-runs/t2/calls/c9");
    }

    @Test
    void bodiesThatTheReaderMayNotSeeAreSaidToBeWithheldAndATroubleLeavesThePage() {
        PLATFORM.answers(
                "/api/v1/task-runs/t2/calls/c9",
                200,
                RunSamples.call().replace("\"SHOWN\"", "\"WITHHELD\"").replace("\"text\"", "\"formerText\""));
        assertThat(browser.get(PAGE + "?task=load&call=c9").body())
                .contains("The bodies are withheld", "payload:read", "@body.json")
                .doesNotContain("Down for maintenance");

        var none = browser.get(PAGE + "?task=load&call=none");
        assertThat(none.statusCode()).isEqualTo(200);
        assertThat(none.body()).contains("The call cannot be shown", "Task load failed");
        assertThat(browser.get(PAGE + "?task=other&call=c9").body()).contains("This run has no task other.");
    }

    @Test
    void aLiveRefreshReadsNoBody() {
        PLATFORM.answers("/api/v1/task-runs/t2/calls/c9", 200, RunSamples.call());

        browser.getWithoutFollowing(PAGE + "?task=load&call=c9", "X-Live", "true");

        assertThat(PLATFORM.requests()).noneMatch(request -> request.contains("/calls/"));
    }

    @Test
    void anOpenRunIsLiveAndAnEndedOneIsNot() {
        assertThat(browser.get(PAGE).body()).doesNotContain("data-live=\"run:");

        PLATFORM.answers(API, 200, RunSamples.running());
        var page = browser.get(PAGE).body();

        assertThat(page)
                .contains("data-live=\"run:" + RUN + "\"", "class=\"lane-now\"")
                .contains("1 of 2 tasks are done; load is under way.");
    }

    @Test
    void keysThatDifferAreShownAndGivenAsCsv() {
        PLATFORM.answers("/api/v1/task-runs/t1", 200, RunSamples.validate());

        assertThat(browser.get(PAGE).body())
                .contains("c-17, =cmd()", "href=\"/task-runs/t1/differences.csv\"", "29\u00a0988", "differs");
        var csv = browser.get("/task-runs/t1/differences.csv");

        assertThat(csv.headers().firstValue("Content-Disposition").orElse("")).contains("differences-validate.csv");
        assertThat(csv.body()).isEqualTo("difference,key\r\n\"missing\",\"c-17\"\r\n\"missing\",\"'=cmd()\"\r\n");
    }

    @Test
    void theHistoryIsShownAndItsTroubleLeavesTheRest() {
        assertThat(browser.get(PAGE).body())
                .contains("DUE → CALLING", "load, attempt 3", "href=\"" + PAGE + "?history=more#history\"");

        PLATFORM.answers(API + "/history", 503, "{\"detail\":\"Overloaded.\"}");
        var page = browser.get(PAGE);

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("The history cannot be shown", "Task load failed");
    }

    @Test
    void actionsAreOfferedOrSayWhyNot() {
        var page = browser.get(PAGE).body();
        assertThat(page)
                .contains("href=\"" + PAGE + "/actions/rerun-failed\"", "href=\"/task-runs/t2/actions/retry\"")
                .contains("only while the run is QUEUED or RUNNING; now it is FAILED")
                .doesNotContain("href=\"" + PAGE + "/actions/cancel\"");

        PLATFORM.answers(
                API,
                200,
                RunSamples.failed().replaceAll("\"allowedActions\": \\[[^\\]]*\\]", "\"allowedActions\": []"));
        var viewer = new Browser(port);
        viewer.signIn("vic", FakePlatform.PASSWORD);

        assertThat(viewer.get(PAGE).body())
                .contains("needs the role operator; you have viewer")
                .doesNotContain(PAGE + "/actions/");
    }

    @Test
    void aLateResultIsAcceptedByItsCallback() {
        assertThat(browser.get(PAGE).body())
                .contains("not applied: ALREADY_ENDED, it came too late")
                .contains("href=\"/task-runs/t2/actions/accept-late?callbackId=late%2F1\"");
        PLATFORM.answers(
                "/api/v1/task-runs/t2",
                200,
                "{\"taskRunId\":\"t2\",\"runId\":\"%s\",\"task\":\"load\",\"state\":\"FAILED\"}".formatted(RUN));
        PLATFORM.answers("/api/v1/task-runs/t2/actions/accept-late", 200, RunSamples.changes());

        var asked = browser.get("/task-runs/t2/actions/accept-late?callbackId=late%2F1");

        assertThat(asked.body())
                .contains("Accept the late result of task load", "Task load: FAILED becomes DUE.")
                .contains("action=\"/task-runs/t2/actions/accept-late?callbackId=late%2F1\"");
        var done = carryOut(asked, "/task-runs/t2/actions/accept-late?callbackId=late%2F1", "it is fine");
        assertThat(done.uri().getPath()).isEqualTo(PAGE);
        assertThat(done.body()).contains("load: The late result is accepted.");
    }

    @Test
    void aRunIsRetriedAfterAPageThatTellsWhatChanges() {
        PLATFORM.answers(API + "/actions/rerun-failed", 200, RunSamples.changes());

        var asked = browser.get(PAGE + "/actions/rerun-failed");
        assertThat(asked.body())
                .contains(
                        "Retry what failed in run 019a9f3e…c21f",
                        "Task load: FAILED becomes DUE.",
                        "The run: FAILED becomes RUNNING.");
        assertThat(PLATFORM.requests()).contains("POST " + API + "/actions/rerun-failed?dryRun=true");
        PLATFORM.forgetRequests();
        var done = carryOut(asked, PAGE + "/actions/rerun-failed", "CRM is back");

        assertThat(PLATFORM.requests()).first().isEqualTo("POST " + API + "/actions/rerun-failed");
        assertThat(done.uri().getPath()).isEqualTo(PAGE);
        assertThat(done.body()).contains("What failed is retried.");
    }

    @Test
    void anActionThatIsNotLegalAnyMoreSaysWhatTheStateIsNow() {
        PLATFORM.answers(API + "/actions/cancel", 200, RunSamples.changes());
        var asked = browser.get(PAGE + "/actions/cancel");
        assertThat(asked.body()).contains("Cancel run 019a9f3e…c21f", "class=\"primary danger\"");
        PLATFORM.answers(
                API + "/actions/cancel",
                409,
                "{\"detail\":\"The run is COMPLETED; allowed are [rerun].\",\"currentState\":\"COMPLETED\",\"allowedActions\":[\"rerun\"]}");

        var refused = carryOut(asked, PAGE + "/actions/cancel", "not today");

        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.body()).contains("The run is COMPLETED; allowed are [rerun].", "value=\"not today\"");
        assertThat(browser.get(PAGE + "/actions/cancel").statusCode()).isEqualTo(409);
        assertThat(browser.get(PAGE + "/actions/explode").statusCode()).isEqualTo(404);
    }

    @Test
    void aReRunLeadsToTheNewRun() {
        var newRun = "019a9f41-0000-7000-8000-000000000077";
        PLATFORM.answers(
                API + "/actions/rerun",
                200,
                "{\"runId\":\"%s\",\"state\":\"FAILED\",\"dryRun\":false,\"newRun\":{\"runId\":\"%s\",\"group\":\"customer-sync\",\"groupVersion\":17,\"state\":\"QUEUED\"},\"changes\":[]}"
                        .formatted(RUN, newRun));
        PLATFORM.answers("/api/v1/runs/" + newRun, 200, RunSamples.running());

        var asked = browser.get(PAGE + "/actions/rerun-current");
        assertThat(asked.body()).contains("A new run of customer-sync begins, version 17, as QUEUED.");
        var done = carryOut(asked, PAGE + "/actions/rerun-current", "once more");

        assertThat(done.uri().getPath()).isEqualTo("/runs/" + newRun);
    }

    @Test
    void aFailureIsAcknowledged() {
        PLATFORM.answers(
                API + "/resolution",
                200,
                "{\"runId\":\"%s\",\"state\":\"FAILED\",\"dryRun\":false,\"changes\":[]}".formatted(RUN));

        var asked = browser.get(PAGE + "/actions/acknowledge?back=/");
        assertThat(asked.body()).contains("No state changes.", "name=\"back\" value=\"/\"");
        carryOut(asked, PAGE + "/actions/acknowledge", "I look");

        assertThat(PLATFORM.requests()).contains("POST " + API + "/resolution");
    }

    @Test
    void whoMayNotActIsToldWhichRoleIsMissing() {
        PLATFORM.answers(API + "/actions/cancel", 403, "{\"detail\":\"No.\"}");
        var viewer = new Browser(port);
        viewer.signIn("vic", FakePlatform.PASSWORD);

        var refused = viewer.get(PAGE + "/actions/cancel");

        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).contains("runs:operate", "the role viewer");
    }

    @Test
    void aPurgedRunShowsItsSummary() {
        PLATFORM.answers(API, 200, RunSamples.purged());

        var page = browser.get(PAGE).body();

        assertThat(page)
                .contains(
                        "The run ended FAILED. Of 5 tasks 4 completed and 1 failed (TIMED_OUT).",
                        "Its details were removed")
                .doesNotContain("State history")
                .doesNotContain("/actions/");
        assertThat(PLATFORM.requests()).containsExactly("GET " + API);
    }

    @Test
    void theListShowsTheLastDayWithoutSkippedRunsAndSaysSo() {
        PLATFORM.answers("/api/v1/runs", 200, RunSamples.list());

        var page = browser.get("/runs").body();

        assertThat(PLATFORM.requests())
                .containsExactly(
                        "GET /api/v1/runs?state=-SKIPPED&within=PT24H&limit=50",
                        "GET /api/v1/runs/histogram?state=-SKIPPED&within=PT24H");
        assertThat(page)
                .contains(
                        "not SKIPPED",
                        "last 24 hours",
                        "href=\"/runs?within=PT24H\"",
                        "href=\"/runs?state=-SKIPPED\"",
                        "href=\"/runs?all=true\"")
                .contains(
                        "5 of 7",
                        "ACKNOWLEDGED",
                        "data-row-id=\"" + RUN + "\"",
                        "data-live=\"run:" + RUN + "\"",
                        "data-live-new=\"run\"");
        PLATFORM.forgetRequests();
        browser.get("/runs?all=true&state=&group=&businessKey=&within=&from=&to=");
        assertThat(PLATFORM.requests()).containsExactly("GET /api/v1/runs?limit=50", "GET /api/v1/runs/histogram");
        PLATFORM.forgetRequests();
        browser.get("/runs?state=QUEUED,RUNNING&group=-noise");
        assertThat(PLATFORM.requests())
                .containsExactly(
                        "GET /api/v1/runs?group=-noise&state=QUEUED&state=RUNNING&limit=50",
                        "GET /api/v1/runs/histogram?group=-noise&state=QUEUED&state=RUNNING");
    }

    @Test
    void whoMayNotActGetsNoTicks() {
        PLATFORM.answers("/api/v1/runs", 200, RunSamples.list());
        var viewer = new Browser(port);
        viewer.signIn("vic", FakePlatform.PASSWORD);

        assertThat(browser.get("/runs").body())
                .contains("data-tick", "Do it to the ticked runs", "formaction=\"/runs/bulk/all\"");
        assertThat(viewer.get("/runs").body())
                .doesNotContain("data-tick")
                .contains("Acting on runs needs the role operator; you have <span>viewer</span>");
    }

    @Test
    void tickedRunsAreWorkedOffAsOneOrderThatCanBeStopped() {
        PLATFORM.answers("/api/v1/runs", 200, RunSamples.list());
        PLATFORM.answers(
                "/api/v1/bulk",
                200,
                "{\"bulkId\":\"b1\",\"dryRun\":true,\"matched\":2,\"sample\":[{\"runId\":\"%s\",\"outcome\":\"DONE\"},{\"runId\":\"other\",\"outcome\":\"SKIPPED\",\"detail\":\"The run is RUNNING.\"}],\"state\":\"RUNNING\",\"counts\":{\"matched\":2,\"pending\":2,\"done\":0,\"skipped\":0,\"failed\":0}}"
                        .formatted(RUN));
        PLATFORM.answers("/api/v1/bulk/b1", 200, RunSamples.bulk("RUNNING"));

        assertThat(browser.get("/runs/bulk?action=cancel&back=/runs").body()).contains("tick the runs first");
        var path = "/runs/bulk?action=rerun-failed&runId=" + RUN + "&runId=other";
        var asked = browser.get(path + "&back=/runs");
        assertThat(asked.body())
                .contains(
                        "Retry failed: 2 runs",
                        "Run 019a9f3e…c21f: will be done.",
                        "Run other: will be left out. The run is RUNNING.");
        var following = carryOut(asked, path, "disks were added");

        assertThat(following.uri().getPath()).isEqualTo("/runs/bulk/b1");
        assertThat(following.body())
                .contains("1 of 2 tried", "data-live=\"bulk:b1 run\"", "href=\"/runs/bulk/b1/stop\"");
        PLATFORM.answers("/api/v1/bulk/b1/cancel", 200, RunSamples.bulk("CANCELLED"));
        var stopping = browser.get("/runs/bulk/b1/stop");
        assertThat(stopping.body()).contains("1 run is not tried yet.");
        PLATFORM.answers("/api/v1/bulk/b1", 200, RunSamples.bulk("CANCELLED"));
        var stopped = carryOut(stopping, "/runs/bulk/b1/stop", "enough");
        assertThat(stopped.body()).contains("STOPPED", "The run is RUNNING.").doesNotContain("/stop\"");
    }

    @Test
    void allThatMatchAreFrozenAndTheirNumberIsTyped() {
        PLATFORM.answers("/api/v1/runs", 200, RunSamples.list());
        PLATFORM.answers("POST /api/v1/bulk", 200, foreseen(37));
        PLATFORM.answers("/api/v1/bulk/b1", 200, RunSamples.bulk("RUNNING"));
        assertThat(browser.get("/runs?state=FAILED&group=air").body())
                .contains("type=\"hidden\" name=\"state\" value=\"FAILED\"", "name=\"group\" value=\"air\"");

        var asked = browser.get(
                "/runs/bulk/all?action=rerun-failed&all=true&state=FAILED&group=air&group=-b,c&within=PT1H&unresolved=true");

        assertThat(asked.body())
                .contains("Retry failed: all 37 runs that match", "Type <b>37</b> to go on")
                .contains("All runs with group air, group not b,c, state FAILED, unresolved true, from ")
                .contains("Run 019a9f3e…c21f: will be done.", "And 36 runs more.")
                .contains("name=\"matched\" value=\"37\"", "name=\"from\"", "name=\"to\"")
                .doesNotContain("name=\"within\"");
        assertThat(PLATFORM.bodies())
                .singleElement()
                .satisfies(body -> assertThat(body)
                        .contains("\"group\":[\"air\",\"-b,c\"]", "\"unresolved\":true", "\"from\":\"", "\"to\":\"")
                        .doesNotContain("\"matched\""));
        var form = form(asked);

        var refused = browser.post("/runs/bulk/all?action=rerun-failed", Browser.csrfOf(asked), form + "&typed=36");
        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(refused.body()).contains("Type the number 37", "value=\"why not\"");
        assertThat(PLATFORM.bodies()).hasSize(1);

        PLATFORM.answers(
                "POST /api/v1/bulk", 202, "{\"bulkId\":\"b1\",\"state\":\"RUNNING\",\"counts\":" + COUNTS + "}");
        var ordered = browser.post("/runs/bulk/all?action=rerun-failed", Browser.csrfOf(asked), form + "&typed=37");
        assertThat(ordered.uri().getPath()).isEqualTo("/runs/bulk/b1");
        var bodies = PLATFORM.bodies();
        assertThat(bodies.get(1)).contains("\"matched\":37", "why not");
        assertThat(filterOf(bodies.get(1))).as("frozen").isEqualTo(filterOf(bodies.get(0)));
    }

    @Test
    void ifOtherRunsMatchByNowTheNewNumberIsAskedFor() {
        PLATFORM.answers("POST /api/v1/bulk", 200, foreseen(37));
        var asked = browser.get("/runs/bulk/all?action=cancel&all=true");
        assertThat(asked.body())
                .contains("Cancel run: all 37 runs that match", "danger")
                .doesNotContain("name=\"from\"");
        PLATFORM.answers(
                "POST /api/v1/bulk",
                409,
                "{\"type\":\"https://syncline.io/problems/selection-changed\",\"detail\":\"The filter holds for 41 runs by now.\"}");

        PLATFORM.answers("POST /api/v1/bulk?dryRun=true", 200, foreseen(41));

        var refused = browser.post("/runs/bulk/all?action=cancel", Browser.csrfOf(asked), form(asked) + "&typed=37");

        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.body())
                .contains("The filter holds for 41 runs by now.", "all 41 runs that match", "Type <b>41</b>")
                .contains("name=\"matched\" value=\"41\"", "value=\"why not\"");
        assertThat(PLATFORM.requests()).endsWith("POST /api/v1/bulk", "POST /api/v1/bulk?dryRun=true");
    }

    @Test
    void whatMatchesNothingOrCannotBeToldIsNotOrdered() {
        PLATFORM.answers("POST /api/v1/bulk", 200, "{\"matched\":0,\"sample\":[]}");

        assertThat(browser.get("/runs/bulk/all?action=cancel&state=FAILED").body())
                .contains("no run matches");
        assertThat(browser.get("/runs/bulk/all?action=cancel&within=soon").statusCode())
                .isEqualTo(400);
        assertThat(browser.get("/runs/bulk/all?action=explode").statusCode()).isEqualTo(404);
    }

    private static final String COUNTS = "{\"matched\":37,\"pending\":37,\"done\":0,\"skipped\":0,\"failed\":0}";
    private static final Pattern FIELD = Pattern.compile("type=\"hidden\" name=\"([a-zA-Z]+)\" value=\"([^\"]*)\"");

    private static String foreseen(int matched) {
        return "{\"dryRun\":true,\"matched\":%d,\"sample\":[{\"runId\":\"%s\",\"outcome\":\"DONE\"}]}"
                .formatted(matched, RUN);
    }

    private static String filterOf(String body) {
        var from = body.indexOf("\"filter\":");
        return body.substring(from, body.indexOf('}', from));
    }

    /** What the question's form would send, but for the number. */
    private static String form(HttpResponse<String> asked) {
        var fields = FIELD.matcher(asked.body().substring(asked.body().indexOf("id=\"confirm\"")));
        var form = new StringBuilder("reason=why+not");
        while (fields.find()) {
            if (!fields.group(1).equals("_csrf")) {
                form.append('&')
                        .append(fields.group(1))
                        .append('=')
                        .append(java.net.URLEncoder.encode(fields.group(2), java.nio.charset.StandardCharsets.UTF_8));
            }
        }
        return form.toString();
    }

    private HttpResponse<String> carryOut(HttpResponse<String> asked, String path, String reason) {
        var key = KEY.matcher(asked.body());
        assertThat(key.find()).isTrue();
        return browser.post(path, Browser.csrfOf(asked), "reason=" + reason.replace(' ', '+') + "&key=" + key.group(1));
    }
}
