package io.syncline.portal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DeliveryPagesTest extends SignedInPages {

    private static final String SUMMARY = "/api/v1/deliveries/summary";
    private static final String LIST = "/api/v1/deliveries";
    private static final String OF_CAUSE = "/delivery/resend?channel=ops-mail&lastCause=answered+%3C401%3E";

    @Test
    void whatWasGivenUpStandsByItsCauseWithOneOpenedAndTheChannelsBelow() {
        PLATFORM.answers(SUMMARY, 200, summary(12, 11));
        as("ana");

        var page = page("/delivery");

        assertThat(PLATFORM.requests()).containsExactly("GET " + SUMMARY);
        assertThat(page)
                .contains("GIVEN UP", "answered &lt;401&gt;", "aria-label=\"All 12 dead letters\"")
                .contains("Newest of them", "href=\"/alerts/" + WatchSamples.ALERT + "\"", "REFUSED 403 at crm")
                .contains("Send again 11", "Discard 12")
                .contains("href=\"/delivery/resend?channel=ops-mail&amp;lastCause=answered%20%3C401%3E\"")
                .contains(
                        "href=\"/delivery/messages?channel=ops-mail&amp;lastCause=answered%20%3C401%3E&amp;state=DEAD\"")
                .contains("blocks 2 behind it", "2026-11-20 05:30:00", "answered 503")
                .contains("aria-current=\"page\" data-key=\"delivery\"");
    }

    @Test
    void whatIsWellSaysSo() {
        PLATFORM.answers(SUMMARY, 200, "{\"channels\": [], \"dead\": [], \"complete\": true}");
        PLATFORM.answers(LIST, 200, "{\"items\": [], \"nextCursor\": null}");
        as("ana");

        assertThat(page("/delivery")).contains("Nothing waiting, nothing dead", "No channel was told anything");
        assertThat(page("/delivery/messages")).contains("Nothing waiting, nothing dead", "See what was sent");
        assertThat(page("/delivery/messages?state=DEAD")).contains("No message matches", "Clear filters");
    }

    @Test
    void filtersGoToThePlatformAndStayInTheAddress() {
        PLATFORM.answers(LIST, 200, letters(2, "\"more+letters\""));
        as("ana");

        var page = page("/delivery/messages?state=DEAD&channel=ops-mail&lastCause=a%26b");

        assertThat(PLATFORM.requests())
                .containsExactly("GET /api/v1/deliveries?state=DEAD&channel=ops-mail&lastCause=a%26b&limit=50");
        assertThat(page)
                .contains("state=DEAD&amp;channel=ops-mail&amp;lastCause=a%26b&amp;cursor=more%2Bletters")
                .contains("name=\"messageId\" value=\"m0\"", "formaction=\"/delivery/discard\"", "given up");
    }

    @Test
    void fewOfACauseAreSentAgainAfterAQuestion() {
        PLATFORM.answers(LIST, 200, letters(3, "null"));
        PLATFORM.answers("POST " + LIST + "/resend", 200, """
                {"dryRun": false, "messages": [{"messageId": "m0"}, {"messageId": "m1"}],
                 "left": [{"messageId": "m2", "reason": "NOT_DEAD", "detail": "It is on its way again."}]}""");
        PLATFORM.answers(SUMMARY, 200, summary(1, 1));
        as("ana");

        var asked = page(OF_CAUSE);

        assertThat(PLATFORM.requests())
                .containsExactly(
                        "GET /api/v1/deliveries?state=DEAD&channel=ops-mail&lastCause=answered%20%3C401%3E&limit=200");
        assertThat(asked)
                .contains("Send again: 3 messages", "REFUSED: first message over ops-mail")
                .contains("name=\"messageId\" value=\"m2\"")
                .doesNotContain("name=\"typed\"");
        var done = send(
                OF_CAUSE,
                "/delivery/resend",
                "messageId",
                "m0",
                "messageId",
                "m1",
                "messageId",
                "m2",
                "reason",
                "it is back",
                "key",
                "k1");
        assertThat(done.uri().getPath()).isEqualTo("/delivery");
        assertThat(done.body()).contains("Sent once more: 2 messages. 1 was left out: It is on its way again.");
        assertThat(PLATFORM.sent("POST", LIST + "/resend"))
                .singleElement()
                .satisfies(sent -> assertThat(sent.body()).contains("[\"m0\",\"m1\",\"m2\"]", "it is back"));
        assertThat(PLATFORM.conditions()).anyMatch(sent -> sent.contains("k1"));
    }

    @Test
    void ofMoreThanTwentyTheNumberIsTyped() {
        PLATFORM.answers(LIST, 200, letters(21, "null"));
        PLATFORM.answers("POST " + LIST + "/resend", 200, "{\"dryRun\": false, \"messages\": [], \"left\": []}");
        PLATFORM.answers(SUMMARY, 200, summary(1, 1));
        as("ana");
        var fields = IntStream.range(0, 21).boxed().collect(Collectors.toMap(i -> i, i -> "m" + i));
        var form = IntStream.range(0, 21)
                .mapToObj(i -> "messageId=" + fields.get(i))
                .collect(Collectors.joining("&"));

        var asked = page(OF_CAUSE);
        assertThat(asked).contains("Type <b>21</b> to go on", "And 11 messages more.");
        var csrf = Browser.csrfOf(browser.get(OF_CAUSE));
        var refused = browser.post("/delivery/resend", csrf, form + "&reason=why&key=k&typed=12");

        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(refused.body()).contains("Type the number 21", "value=\"why\"", "name=\"messageId\" value=\"m20\"");
        assertThat(PLATFORM.sent("POST", LIST + "/resend")).isEmpty();
        assertThat(browser.post("/delivery/resend", Browser.csrfOf(refused), form + "&reason=why&key=k&typed=21")
                        .statusCode())
                .isEqualTo(200);
        assertThat(PLATFORM.sent("POST", LIST + "/resend")).hasSize(1);
    }

    @Test
    void tickedOnesAreDiscardedWithAReason() {
        PLATFORM.answers(LIST, 200, letters(2, "null"));
        PLATFORM.answers("POST " + LIST + "/discard", 422, fault("/reason", "is missing"));
        PLATFORM.answers(SUMMARY, 200, summary(1, 1));
        as("ana");
        var question = "/delivery/discard?messageId=m0&messageId=m1&back=/delivery/messages?state=DEAD";

        var asked = page(question);

        assertThat(PLATFORM.requests())
                .containsExactly("GET /api/v1/deliveries?state=DEAD&limit=200&messageId=m0&messageId=m1");
        assertThat(asked).contains("Discard: 2 messages", "Their alerts go on to show them", "danger");
        var refused = send(question, "/delivery/discard", "messageId", "m0", "reason", " ", "key", "k");
        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(refused.body()).contains("The reason is missing.");
        PLATFORM.answers(
                "POST " + LIST + "/discard",
                200,
                "{\"dryRun\": false, \"messages\": [{\"messageId\": \"m0\"}], \"left\": []}");
        assertThat(send(question, "/delivery/discard", "messageId", "m0", "reason", "old", "key", "k")
                        .body())
                .contains("Discarded: 1 message.");
    }

    @Test
    void whatCannotBeSentAgainIsNotAskedFor() {
        PLATFORM.answers(LIST, 200, letters(1, "null").replace("\"resend\",", ""));
        PLATFORM.answers(SUMMARY, 200, summary(1, 0));
        as("ana");

        assertThat(page("/delivery")).contains("their alerts are over").doesNotContain("Send again 0");
        var answer = browser.get("/delivery/resend?messageId=m0");
        assertThat(answer.uri().getPath()).isEqualTo("/delivery");
        assertThat(answer.body()).contains("none of these can be sent again");
        PLATFORM.answers(LIST, 200, "{\"items\": [], \"nextCursor\": null}");
        assertThat(browser.get("/delivery/resend?messageId=m0").body()).contains("no dead letter is chosen");
        assertThat(browser.get("/delivery/resend").body()).contains("no dead letter is chosen");
    }

    @Test
    void whoMayOnlyLookIsToldWhatItTakes() {
        PLATFORM.answers(SUMMARY, 200, summary(2, 2));
        PLATFORM.answers(LIST, 200, letters(1, "null").replace("\"resend\",\"discard\"", ""));
        as("vi");

        assertThat(page("/delivery")).contains("need the role operator").doesNotContain("/delivery/resend");
        assertThat(page("/delivery/messages"))
                .contains("need the role operator")
                .doesNotContain("name=\"messageId\"");
    }

    static String summary(int dead, int resendable) {
        return """
                {"at": "2026-11-20T05:20:00Z", "complete": true,
                 "channels": [
                  {"channel": "chat", "sent": 40, "waiting": 3, "dead": 0, "lastSentAt": "2026-11-20T05:00:00Z",
                   "oldestWaitingAt": "2026-11-20T05:10:00Z", "nextAt": "2026-11-20T05:30:00Z", "lastCause": "answered 503"},
                  {"channel": "ops-mail", "sent": 0, "waiting": 0, "dead": %d}],
                 "dead": [{"channel": "ops-mail", "cause": "answered <401>", "count": %d, "resendable": %d,
                           "firstAt": "2026-11-20T04:00:00Z", "lastAt": "2026-11-20T05:00:00Z", "newest": %s}]}""".formatted(dead, dead, resendable, letter(0));
    }

    static String letters(int count, String nextCursor) {
        return "{\"items\": ["
                + IntStream.range(0, count).mapToObj(DeliveryPagesTest::letter).collect(Collectors.joining(","))
                + "], \"nextCursor\": " + nextCursor + "}";
    }

    private static String letter(int number) {
        return """
                {"messageId": "m%d", "alertId": "%s", "condition": "REFUSED", "cause": "REFUSED 403 at crm",
                 "channel": "ops-mail", "kind": "TRIGGER", "state": "DEAD", "deliveries": 12,
                 "createdAt": "2026-11-20T04:00:03Z", "givenUpAt": "2026-11-20T05:00:00Z", "lastCause": "answered <401>",
                 "allowedActions": ["resend","discard"]}""".formatted(number, WatchSamples.ALERT);
    }
}
