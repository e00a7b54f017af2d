package io.syncline.portal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;

class AlertPagesTest extends SignedInPages {

    private static final String PATH = "/alerts/" + WatchSamples.ALERT;
    private static final String API = "/api/v1/alerts/" + WatchSamples.ALERT;
    private static final String NONE = "{\"items\":[],\"nextCursor\":null}";

    @Test
    void whatFiresIsShownWithWhoWasToldAndWhoTookItUp() {
        PLATFORM.answers("/api/v1/alerts", 200, WatchSamples.alerts());
        as("ana");

        var page = page("/alerts");

        assertThat(PLATFORM.requests()).containsExactly("GET /api/v1/alerts?limit=50&state=OPEN&state=ACKNOWLEDGED");
        assertThat(page)
                .contains("FIRING", "ACKNOWLEDGED", "5 times, 2 still", "ops-mail", "REFUSED &lt;403&gt; at crm")
                .contains("silenced until 2026-11-20 06:00:00", "<b>bo</b>", "on it")
                .contains("action=\"" + PATH + "/acknowledge\"")
                .contains("href=\"/alerts?cursor=more%2Balerts\"");
    }

    @Test
    void filtersGoToThePlatformAndStayInTheAddress() {
        PLATFORM.answers("/api/v1/alerts", 200, WatchSamples.alerts());
        as("ana");

        var page = page("/alerts?state=CLOSED&group=a%26b&condition=FAILED");

        assertThat(PLATFORM.requests())
                .containsExactly("GET /api/v1/alerts?group=a%26b&condition=FAILED&limit=50&state=CLOSED");
        assertThat(page).contains("/alerts?state=CLOSED&amp;group=a%26b&amp;condition=FAILED&amp;cursor=more%2Balerts");
    }

    @Test
    void emptyListsSayWhatThatMeans() {
        PLATFORM.answers("/api/v1/alerts", 200, NONE);
        PLATFORM.answers("/api/v1/silences", 200, NONE);
        PLATFORM.answers("/api/v1/channels", 200, NONE);
        PLATFORM.answers(
                "/api/v1/alert-rules",
                200,
                "{\"items\":[],\"since\":\"2026-11-13T05:00:00Z\",\"complete\":true,\"defaultChannels\":[],\"platformChannels\":[]}");
        as("ana");

        assertThat(page("/alerts")).contains("Nothing is firing");
        assertThat(page("/alerts?state=CLOSED")).contains("No alert matches", "Clear filters");
        assertThat(page("/alerts/silences")).contains("No silences");
        assertThat(page("/alerts/channels"))
                .contains("No channels", "Making and changing channels needs the role editor");
        assertThat(page("/alerts/rules")).contains("No groups, no rules", "nobody is told");
    }

    @Test
    void anAlertLeadsToItsRunsChannelsAndHistory() {
        PLATFORM.answers(API, 200, WatchSamples.alert("[\"acknowledge\",\"resend\"]"));
        as("ana");

        var page = page(PATH);

        assertThat(page)
                .contains(
                        "href=\"/runs/run-1\"", "href=\"/groups/airports-daily\"", "href=\"/alerts/channels/ops-mail\"")
                .contains("The task run &lt;t1&gt; was refused.", "GIVEN UP", "no connection", "opened")
                .contains("4 more are not shown", "Send given-up messages again");
    }

    @Test
    void acknowledgingSendsTheNoteAndWithoutItNothingIsLost() {
        PLATFORM.answers(API, 200, WatchSamples.alert("[\"acknowledge\"]"));
        PLATFORM.answers("POST " + API + "/acknowledge", 200, WatchSamples.alert("[]"));
        as("ana");

        var done = send(PATH, PATH + "/acknowledge", "reason", "I look at it");

        assertThat(done.uri().getPath()).isEqualTo(PATH);
        assertThat(done.body()).contains("Acknowledged. Nobody is told more of it but its end.");
        assertThat(PLATFORM.bodies()).containsExactly("POST " + API + "/acknowledge {\"reason\":\"I look at it\"}");
        PLATFORM.answers("POST " + API + "/acknowledge", 422, fault("/reason", "is missing"));
        var refused = send(PATH, PATH + "/acknowledge", "reason", " ");
        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(refused.body()).contains("The reason is missing.", "aria-invalid=\"true\"", "href=\"#reason\"");
    }

    @Test
    void anAlertThatSomebodyElseTookUpIsSaidSo() {
        PLATFORM.answers(API, 200, WatchSamples.alert("[\"acknowledge\"]"));
        PLATFORM.answers(
                "POST " + API + "/acknowledge", 409, problem("illegal-action", "The alert is ACKNOWLEDGED.", ""));
        as("ana");

        var refused = send(PATH, PATH + "/acknowledge", "reason", "mine");

        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.body()).contains("The alert is ACKNOWLEDGED.", "value=\"mine\"");
    }

    @Test
    void givenUpMessagesAreSentOnceMore() {
        PLATFORM.answers(API, 200, WatchSamples.alert("[\"resend\"]"));
        PLATFORM.answers(
                "POST " + API + "/resend",
                200,
                "{\"alertId\":\"a\",\"dryRun\":false,\"messages\":[{\"messageId\":\"m2\",\"channel\":\"ops-mail\",\"kind\":\"TRIGGER\"}]}");
        as("ana");

        assertThat(send(PATH, PATH + "/resend", "reason", "mail is back").body())
                .contains("Sent once more: 1 message over ops-mail.");
    }

    @Test
    void whoMayOnlyLookIsToldWhatItTakes() {
        PLATFORM.answers(API, 200, WatchSamples.alert("[]"));
        PLATFORM.answers("/api/v1/silences", 200, WatchSamples.silences());
        as("vi");

        assertThat(page(PATH)).contains("need the role operator").doesNotContain("/acknowledge\"");
        assertThat(page("/alerts/silences")).contains("needs the role operator").doesNotContain("End it");
    }

    @Test
    void silencesAreListedAndEnded() {
        PLATFORM.answers("/api/v1/silences", 200, WatchSamples.silences());
        PLATFORM.answers("DELETE /api/v1/silences/s1", 200, "{}");
        as("ana");

        var page = page("/alerts/silences");
        assertThat(page).contains("group like shop-* and condition is FAILED", "STANDING", "ENDED", "ended by");
        assertThat(page).contains("/alerts/silences/s1/end").doesNotContain("/alerts/silences/s2/end");

        var ended = send("/alerts/silences", "/alerts/silences/s1/end");
        assertThat(ended.body()).contains("The silence has ended.");
        PLATFORM.answers("DELETE /api/v1/silences/s1", 409, problem("illegal-action", "The silence has ended.", ""));
        assertThat(send("/alerts/silences", "/alerts/silences/s1/end").body()).contains("had ended already");
    }

    @Test
    void aSilenceShowsBeforehandWhatItHides() {
        PLATFORM.answers("POST /api/v1/silences", 200, WatchSamples.trial());
        PLATFORM.answers("/api/v1/alerts", 200, WatchSamples.alerts());
        as("ana");

        var shown =
                send("/alerts/silences/new", "/alerts/silences/preview", "group", "air*", "until", "", "reason", "");

        assertThat(shown.body()).contains("It hides of what is open now", "href=\"" + PATH + "\"");
        assertThat(PLATFORM.requests()).contains("POST /api/v1/silences?dryRun=true");
        assertThat(PLATFORM.bodies())
                .anyMatch(sent -> sent.contains("{\"of\":\"group\",\"glob\":\"air*\"}")
                        || sent.contains("{\"glob\":\"air*\",\"of\":\"group\"}"));
        assertThat(send("/alerts/silences/new", "/alerts/silences/preview", "until", "")
                        .body())
                .contains("Fill in at least one of group, condition, system and label");
    }

    @Test
    void aSilenceIsMadeInTheZoneOfItsReader() {
        PLATFORM.answers("POST /api/v1/silences", 201, WatchSamples.trial());
        PLATFORM.answers("/api/v1/silences", 200, WatchSamples.silences());
        as("ana");
        browser.post("/display", Browser.csrfOf(browser.get("/alerts/silences")), "zone=Europe/Berlin");
        var until = Instant.now().plus(Duration.ofDays(2)).truncatedTo(ChronoUnit.MINUTES);
        var typed = until.atZone(ZoneId.of("Europe/Berlin")).toLocalDateTime().toString();
        PLATFORM.forgetRequests();

        var made = send(
                "/alerts/silences/new", "/alerts/silences", "system", "crm", "until", typed, "reason", "new disks");

        assertThat(made.body()).contains("The silence is made");
        assertThat(PLATFORM.bodies()).anyMatch(sent -> sent.contains("\"until\":\"" + until + "\""));
    }

    @Test
    void aSilenceIsCheckedAndWhatWasTypedStays() {
        PLATFORM.answers("POST /api/v1/silences", 422, fault("/matchers/0/glob", "has 1 to 200 characters"));
        as("ana");

        var tooLong = send(
                "/alerts/silences/new",
                "/alerts/silences",
                "group",
                "shop-*",
                "until",
                Instant.now().plus(Duration.ofDays(8)).toString(),
                "reason",
                "why not");
        assertThat(tooLong.statusCode()).isEqualTo(422);
        assertThat(tooLong.body()).contains("The end lies within 7 days.", "href=\"#until\"", "value=\"why not\"");

        var refused =
                send("/alerts/silences/new", "/alerts/silences", "group", "shop-*", "until", "soon", "reason", "x");
        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(refused.body()).contains("href=\"#group\"", "has 1 to 200 characters", "value=\"soon\"");
    }

    @Test
    void rulesSayHowOftenTheyWouldHaveTold() {
        PLATFORM.answers("/api/v1/alert-rules", 200, WatchSamples.rules());
        as("ana");

        assertThat(page("/alerts/rules"))
                .contains("would have told 3 times", "from 2 of them within PT1M on", "after PT15M also boss")
                .contains("2 alerts that no rule takes", "no rule");
    }

    @Test
    void aChannelShowsWhatWasToldOverItAndNoSecret() {
        PLATFORM.answers("/api/v1/channels/ops-mail", 200, WatchSamples.channel(), "\"3\"");
        PLATFORM.answers("/api/v1/channels/ops-mail/deliveries", 200, WatchSamples.deliveries());
        PLATFORM.answers(
                "POST /api/v1/channels/ops-mail/test",
                200,
                "{\"channel\":\"ops-mail\",\"type\":\"email\",\"status\":\"FAILED\",\"detail\":\"no connection\",\"tookMs\":12}");
        as("ada");

        assertThat(page("/alerts/channels/ops-mail"))
                .contains("smtp://mail.example.com:587", "never shown again", "SENT", "REFUSED: REFUSED 403 at crm");
        assertThat(send("/alerts/channels/ops-mail", "/alerts/channels/ops-mail/test")
                        .body())
                .contains("The test message was not taken", "no connection");
    }

    @Test
    void aChannelIsEditedAsADocumentWithItsVersion() {
        PLATFORM.answers("/api/v1/channels/ops-mail", 200, WatchSamples.channelAsYaml(), "\"3\"");
        PLATFORM.answers("PUT /api/v1/channels/ops-mail", 422, fault("/host", "is missing"));
        as("ada");

        var form = page("/alerts/channels/ops-mail/edit");
        assertThat(form).contains("mail.example.com").doesNotContain("createdBy", "status:");

        var refused = send(
                "/alerts/channels/ops-mail/edit",
                "/alerts/channels/ops-mail",
                "entityTag",
                "\"3\"",
                "text",
                "key: ops-mail\ndescription: café\n");
        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(refused.body()).contains("/host is missing.", "href=\"#text\"", "description: café");
        assertThat(PLATFORM.conditions()).containsExactly("PUT /api/v1/channels/ops-mail If-Match: \"3\"");
        assertThat(PLATFORM.bodies()).anyMatch(sent -> sent.contains("description: café"));
    }

    @Test
    void aNewChannelTakesItsKeyFromItsDocument() {
        PLATFORM.answers("PUT /api/v1/channels/mine", 201, "{}");
        PLATFORM.answers("/api/v1/channels/mine", 200, WatchSamples.channel(), "\"1\"");
        PLATFORM.answers("/api/v1/channels/mine/deliveries", 200, NONE);
        as("ada");

        assertThat(page("/alerts/channels/new?type=webhook")).contains("type: webhook", "secret: whsec_");
        var stored = send("/alerts/channels/new", "/alerts/channels", "text", "kind: Channel\nkey: mine\n");
        assertThat(stored.body()).contains("The channel is stored.", "Nothing was told over it yet");
        assertThat(PLATFORM.conditions()).containsExactly("PUT /api/v1/channels/mine If-None-Match: *");
        assertThat(send("/alerts/channels/new", "/alerts/channels", "text", "kind: Channel")
                        .body())
                .contains("The document has no line");
    }

    @Test
    void aChannelThatIsNamedIsNotDeletedAndTheGroupsAreTold() {
        PLATFORM.answers("/api/v1/channels/ops-mail", 200, WatchSamples.channel(), "\"3\"");
        PLATFORM.answers(
                "DELETE /api/v1/channels/ops-mail",
                409,
                problem("in-use", "The channel 'ops-mail' is named by the task groups plans.", ""));
        as("ada");

        assertThat(page("/alerts/channels/ops-mail/delete")).contains("Keep as it is", "Delete channel ops-mail");
        var withoutReason =
                send("/alerts/channels/ops-mail/delete", "/alerts/channels/ops-mail/delete", "entityTag", "\"3\"");
        assertThat(withoutReason.statusCode()).isEqualTo(422);
        assertThat(withoutReason.body()).contains("Say why", "name=\"entityTag\" value=\"&quot;3&quot;\"");
        assertThat(PLATFORM.requests()).noneMatch(request -> request.startsWith("DELETE"));
        var refused = send(
                "/alerts/channels/ops-mail/delete",
                "/alerts/channels/ops-mail/delete",
                "entityTag",
                "\"3\"",
                "reason",
                "nobody reads it");

        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(PLATFORM.requests()).contains("DELETE /api/v1/channels/ops-mail?reason=nobody%20reads%20it");
        assertThat(refused.body()).contains("value=\"nobody reads it\"");
        assertThat(refused.body()).contains("is named by the task groups plans");
    }
}
