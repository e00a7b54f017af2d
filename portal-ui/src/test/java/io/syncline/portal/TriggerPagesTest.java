package io.syncline.portal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** The triggers inbox, a message, and its corrected copy. */
class TriggerPagesTest extends Pages {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String REJECTED = "019a9f3d-0000-7000-8000-00000000aaaa";
    private static final String LIST = "/api/v1/triggers";
    private static final String ONE = LIST + "/" + REJECTED;

    @BeforeEach
    void intake() {
        PLATFORM.answers(
                "/api/v1/intake",
                200,
                "{\"address\":\"https://sync.example.com/api/v1/triggers\",\"topics\":[\"syncline.triggers\"],\"keptDays\":35}");
        PLATFORM.answers(LIST, 200, inbox());
        PLATFORM.answers(ONE, 200, rejected(true));
    }

    private static String inbox() {
        return """
                {"items": [
                  {"triggerId": "%s", "status": "REJECTED", "source": "/erp", "id": "evt-768", "type": "price.changed",
                   "subject": "<b>pricefeed</b>", "transport": "KAFKA", "place": "syncline.triggers p3 @88120",
                   "receivedAt": "2026-11-20T13:59:20Z",
                   "problem": {"title": "No task group takes this message", "detail": "No group has a trigger rule for source '/erp'."},
                   "runs": []},
                  {"triggerId": "t-conflict", "status": "CONFLICT", "source": "/billing", "id": "evt-90", "type": "ready",
                   "transport": "REST", "receivedAt": "2026-11-20T13:58:02Z", "problem": {"detail": "Another message with this source and id was accepted."}, "runs": []},
                  {"triggerId": "t-accepted", "status": "ACCEPTED", "source": "/erp", "id": "evt-771", "type": "ready",
                   "subject": "2026-11-20", "transport": "REST", "receivedAt": "2026-11-20T13:42:08Z", "copies": 2,
                   "lastCopyAt": "2026-11-20T13:42:11Z",
                   "runs": [{"runId": "019a9f40-1111-7000-8000-000000000001", "group": "customer-sync", "state": "FAILED", "results": {}, "error": "load: REPORTED_FAILED"}]},
                  {"triggerId": "t-verifying", "status": "VERIFYING", "source": "/erp", "id": "evt-772", "type": "ready",
                   "receivedAt": "2026-11-20T13:41:00Z", "verification": {"nextLookAt": "2026-11-20T13:43:00Z", "failures": 1, "lastOutcome": "503", "looks": []}, "runs": []},
                  {"triggerId": "t-odd", "status": "BRAND_NEW", "receivedAt": "2026-11-20T13:40:00Z"}],
                 "nextCursor": "next+page"}""".formatted(REJECTED);
    }

    private static String rejected(boolean withContent) {
        return """
                {"triggerId": "%s", "status": "REJECTED", "source": "/erp", "id": "evt-768", "type": "price.changed",
                 "subject": "2026-11-20", "time": "2026-11-20T13:59:19+01:00", "transport": "REST", "client": "erp-client", "system": "erp",
                 "receivedAt": "2026-11-20T13:59:20Z", "traceId": "4bf92f3577b34da6a3ce929d0e0e4736", %s
                 "problem": {"title": "The data of the message is not valid", "detail": "The data breaks the JSON Schema.",
                   "errors": [{"pointer": "/data/rows", "detail": "must be at least 1", "code": "out-of-range"}]},
                 "runs": []}""".formatted(
                        REJECTED,
                        withContent
                                ? "\"message\": {\"specversion\": \"1.0\", \"source\": \"/erp\", \"id\": \"evt-768\", \"type\": \"price.changed\", \"data\": {\"rows\": 0, \"note\": \"</code><i>it's\"}},"
                                : "");
    }

    @Test
    void theInboxTellsOfEachMessageWhatBecameOfIt() {
        signIn("operator", "runs:read", "runs:operate");

        var page = browser.get("/triggers").body();

        assertThat(page)
                .contains("REJECTED", "CONFLICT", "VERIFYING", "ACCEPTED", "BRAND_NEW")
                .contains("via Kafka syncline.triggers p3 @88120")
                .contains("No group has a trigger rule for source &#39;/erp&#39;.")
                .contains("/triggers/" + REJECTED + "/resubmit", "Fix and resubmit")
                .contains("customer-sync", "/runs/019a9f40-1111-7000-8000-000000000001", "FAILED")
                .contains("2 copies more came")
                .contains("Kept 35 d")
                .contains("data-live-new=\"trigger\"")
                .contains("&lt;b&gt;pricefeed&lt;/b&gt;")
                .doesNotContain("<b>pricefeed</b>");
    }

    @Test
    void theLastDayIsShownUnlessAnotherSpanIsAskedFor() {
        signIn("viewer", "runs:read");

        var day = browser.get("/triggers").body();
        browser.get("/triggers?within=any");
        browser.get("/triggers?from=2026-11-01+00:00&within=7d");

        assertThat(day).contains("received in the last 24 h");
        var asked = PLATFORM.sent("GET", LIST);
        assertThat(asked.get(0).query()).containsPattern("^from=20\\d\\d-\\S+Z&limit=50$");
        assertThat(asked.get(1).query()).isEqualTo("limit=50");
        assertThat(asked.get(2).query()).isEqualTo("from=2026-11-01T00%3A00%3A00Z&limit=50");
    }

    @Test
    void filtersGoToThePlatformAndSurvivePaging() {
        signIn("viewer", "runs:read");

        var page = browser.get(
                        "/triggers?source=/erp&id=a%26b&status=REJECTED&type=t&transport=KAFKA&to=2026-11-21&cursor=x")
                .body();

        assertThat(PLATFORM.sent("GET", LIST).get(0).query())
                .isEqualTo(
                        "source=%2Ferp&id=a%26b&status=REJECTED&type=t&transport=KAFKA&to=2026-11-21T00%3A00%3A00Z&limit=50&cursor=x");
        assertThat(page)
                .contains(
                        "/triggers?source=%2Ferp&amp;id=a%26b&amp;status=REJECTED&amp;type=t&amp;transport=KAFKA&amp;to=2026-11-21&amp;cursor=next%2Bpage");
        assertThat(page).doesNotContain("data-live-new");
    }

    @Test
    void theNextPartOfARelativeSpanBeginsAtATime() {
        signIn("viewer", "runs:read");

        assertThat(browser.get("/triggers").body())
                .containsPattern("/triggers\\?from=20\\d\\d-[^\"]+&amp;cursor=next%2Bpage");
    }

    @Test
    void duplicatesAreTheMessagesThatCameMoreThanOnce() {
        signIn("viewer", "runs:read");

        browser.get("/triggers?status=DUPLICATE&within=any");

        assertThat(PLATFORM.sent("GET", LIST).get(0).query()).isEqualTo("copied=true&limit=50");
    }

    @Test
    void anEmptyInboxSaysWhereMessagesGoAndHow() {
        PLATFORM.answers(LIST, 200, "{\"items\":[],\"nextCursor\":null}");
        signIn("viewer", "runs:read");

        assertThat(browser.get("/triggers").body())
                .contains(
                        "No message in the last 24 h", "https://sync.example.com/api/v1/triggers", "syncline.triggers")
                .contains("curl -X POST", "within=7d");
        assertThat(browser.get("/triggers?source=/erp").body())
                .contains("No message matches", "Clear filters", "look further back")
                .doesNotContain("curl -X POST");
    }

    @Test
    void anInboxIsReadableWhenNobodyTellsWhereMessagesGo() {
        PLATFORM.answers("/api/v1/intake", 404, "{}");
        PLATFORM.answers(LIST, 200, "{\"items\":[],\"nextCursor\":null}");
        signIn("viewer", "runs:read");

        assertThat(browser.get("/triggers").statusCode()).isEqualTo(200);
        assertThat(browser.get("/triggers/" + REJECTED).statusCode()).isEqualTo(200);
    }

    @Test
    void withoutTheScopeThePageSaysWhichOneIsMissing() {
        PLATFORM.answers(LIST, 403, "{\"type\":\"https://syncline.io/problems/forbidden\"}");
        signIn("auditor", "audit:read");

        var page = browser.get("/triggers");

        assertThat(page.statusCode()).isEqualTo(403);
        assertThat(page.body()).contains("the scope runs:read", "the role auditor");
    }

    @Test
    void aMessageShowsItsErrorsItsContentAndHowItCame() {
        signIn("viewer", "runs:read", "payload:read");

        var page = browser.get("/triggers/" + REJECTED).body();

        assertThat(page)
                .contains("The data breaks the JSON Schema.", "/data/rows", "must be at least 1")
                .contains("role=\"region\" aria-label=\"Data of the message\"")
                .contains("tabindex=\"0\"")
                .contains("erp-client", "/systems/erp", "4bf92f3577b34da6a3ce929d0e0e4736")
                .contains("Copy JSON", "Copy as curl", "https://sync.example.com/api/v1/triggers")
                .contains("&lt;/code&gt;&lt;i&gt;it")
                .doesNotContain("</code><i>");
    }

    @Test
    void contentThatIsNotForTheReaderIsNotGuessed() {
        PLATFORM.answers(ONE, 200, rejected(false));
        signIn("viewer", "runs:read");

        assertThat(browser.get("/triggers/" + REJECTED).body())
                .contains("payload:read")
                .doesNotContain("Copy JSON", "Copy as curl");
    }

    @Test
    void whoMayNotResubmitReadsWhy() {
        signIn("viewer", "runs:read");

        assertThat(browser.get("/triggers/" + REJECTED).body())
                .contains("disabled", "this takes the scope runs:operate and all labels")
                .doesNotContain("/resubmit\"");
    }

    @Test
    void aCorrectionIsTriedOutBeforeItIsSent() {
        PLATFORM.answers(
                "POST",
                ONE + "/resubmit",
                200,
                "{\"dryRun\":true,\"status\":\"ACCEPTED\",\"runs\":[{\"group\":\"price-feed\",\"state\":\"QUEUED\"}]}",
                Map.of());
        signIn("operator", "runs:read", "runs:operate", "payload:read");
        var form = browser.get("/triggers/" + REJECTED + "/resubmit");

        var checked = send(
                form,
                "/triggers/" + REJECTED + "/resubmit",
                "key",
                valueOf(form, "key"),
                "source",
                "/erp",
                "id",
                "evt-768",
                "type",
                "price.set",
                "subject",
                "",
                "time",
                "2026-11-20T13:59:19+01:00",
                "data",
                "{\"rows\": 12.50}",
                "reason",
                "wrong type",
                "do",
                "check");

        assertThat(form.body()).contains("must be at least 1", "&quot;rows&quot; : 0");
        assertThat(checked.statusCode()).isEqualTo(200);
        assertThat(checked.body()).contains("Nothing was sent yet", "price-feed");
        var sent = PLATFORM.sent("POST", ONE + "/resubmit").get(0);
        assertThat(sent.query()).isEqualTo("dryRun=true");
        assertThat(JSON.readTree(sent.body()))
                .isEqualTo(
                        JSON.readTree(
                                "{\"reason\":\"wrong type\",\"attributes\":{\"type\":\"price.set\",\"subject\":null},\"data\":{\"rows\":12.50}}"));
    }

    @Test
    void aCorrectedCopyIsSentOnceAndLeadsToItsPage() {
        PLATFORM.answers(
                "POST",
                ONE + "/resubmit",
                202,
                "{\"triggerId\":\"t-new\",\"resubmitOf\":\"x\",\"status\":\"ACCEPTED\",\"runs\":[{\"runId\":\"r1\",\"group\":\"price-feed\",\"state\":\"QUEUED\"}]}",
                Map.of());
        PLATFORM.answers(LIST + "/t-new", 200, "{\"triggerId\":\"t-new\",\"status\":\"ACCEPTED\",\"id\":\"evt-768\"}");
        signIn("operator", "runs:read", "runs:operate");
        var form = browser.get("/triggers/" + REJECTED + "/resubmit");
        var key = valueOf(form, "key");

        var landed = send(
                form,
                "/triggers/" + REJECTED + "/resubmit",
                "key",
                key,
                "source",
                "/erp",
                "id",
                "evt-768",
                "type",
                "price.changed",
                "subject",
                "2026-11-20",
                "time",
                "2026-11-20T13:59:19+01:00",
                "data",
                "{\"rows\":1}",
                "reason",
                "fixed",
                "do",
                "send");

        assertThat(landed.uri().getPath()).isEqualTo("/triggers/t-new");
        assertThat(landed.body()).contains("The corrected copy is taken. Started: price-feed.");
        var sent = PLATFORM.sent("POST", ONE + "/resubmit").get(0);
        assertThat(sent.headers()).containsEntry("idempotency-key", "\"" + key + "\"");
        assertThat(sent.query()).isNull();
    }

    @Test
    void dataThatIsNoJsonIsToldAtItsFieldAndKept() {
        signIn("operator", "runs:read", "runs:operate");
        var form = browser.get("/triggers/" + REJECTED + "/resubmit");

        var refused = send(
                form,
                "/triggers/" + REJECTED + "/resubmit",
                "source",
                "/erp",
                "data",
                "{\"rows\": }",
                "reason",
                "why",
                "do",
                "send");

        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(refused.body())
                .contains("The data is not JSON: look at line 1")
                .contains("href=\"#data\"", "id=\"data-fault\"", "aria-invalid=\"true\"")
                .contains("{&quot;rows&quot;: }", "value=\"why\"");
        assertThat(PLATFORM.sent("POST", ONE + "/resubmit")).isEmpty();
    }

    @Test
    void whatThePlatformRefusesIsToldAtItsField() {
        PLATFORM.answers(
                "POST",
                ONE + "/resubmit",
                422,
                "{\"type\":\"https://syncline.io/problems/invalid-body\",\"errors\":[{\"pointer\":\"/attributes/type\",\"detail\":\"is empty\"},{\"pointer\":\"/reason\",\"detail\":\"is missing\"}]}",
                Map.of());
        signIn("operator", "runs:read", "runs:operate");
        var form = browser.get("/triggers/" + REJECTED + "/resubmit");

        var refused = send(form, "/triggers/" + REJECTED + "/resubmit", "source", "/mine", "do", "send");

        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(refused.body())
                .contains("href=\"#type\"", "href=\"#reason\"", "id=\"type-fault\"", "value=\"/mine\"");
    }

    @Test
    void aMessageThatStandsCorrectedIsNotSentAgain() {
        PLATFORM.answers(
                "POST",
                ONE + "/resubmit",
                409,
                "{\"type\":\"https://syncline.io/problems/illegal-action\",\"detail\":\"Its corrected copy t-9 is ACCEPTED already.\"}",
                Map.of());
        signIn("operator", "runs:read", "runs:operate");
        var form = browser.get("/triggers/" + REJECTED + "/resubmit");

        var refused = send(form, "/triggers/" + REJECTED + "/resubmit", "data", "{}", "reason", "x", "do", "send");

        assertThat(refused.body()).contains("Its corrected copy t-9 is ACCEPTED already.");
    }
}
