package io.syncline.portal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The schedule, the cluster, the calendars, and the audit log. */
class OversightPagesTest extends SignedInPages {

    @Test
    void theScheduleShowsWhatFiresInBothZonesAndWhatIsHeld() {
        PLATFORM.answers("/api/v1/schedule", 200, WatchSamples.schedule());
        PLATFORM.answers("/api/v1/cluster", 200, WatchSamples.cluster());
        as("ana");

        var page = page("/schedule");

        assertThat(page)
                .contains(
                        "2026-11-21 01:30:00",
                        "2026-11-21 02:30:00",
                        "Europe/Berlin",
                        "one run for all that were missed")
                .contains(
                        "PAUSED: it waits",
                        "new disks",
                        "3 fires in the next 24 hours",
                        "<rect",
                        "The strip as a table")
                .contains("Fires more often than can be shown", "href=\"/schedule/calendars/bank-holidays\"");
    }

    @Test
    void nodesAreLiveOrLostAndTheirClocksAreCompared() {
        PLATFORM.answers("/api/v1/schedule", 200, WatchSamples.schedule());
        PLATFORM.answers("/api/v1/cluster", 200, WatchSamples.cluster());
        as("ana");

        assertThat(page("/schedule"))
                .contains("LIVE", "LOST", "in step", "2.1 s behind", "not measured", "answers this page")
                .contains("more than 10\u00a0000", "href=\"/systems/crm\"");
    }

    @Test
    void withoutSchedulesThePageTellsHowToGetOne() {
        PLATFORM.answers("/api/v1/schedule", 200, WatchSamples.nothingScheduled());
        PLATFORM.answers("/api/v1/cluster", 200, WatchSamples.cluster());
        as("ana");

        assertThat(page("/schedule"))
                .contains("No schedule fires", "schedule: {cron:", "None waits to be made up for")
                .doesNotContain("Paused groups");
    }

    @Test
    void aCalendarIsShownAndEditedAsADocument() {
        PLATFORM.answers(
                "/api/v1/calendars",
                200,
                "{\"items\":[{\"key\":\"bank-holidays\",\"version\":2,\"labels\":[],\"holidays\":12,\"changedAt\":\"2026-11-01T05:00:00Z\",\"changedBy\":\"ana\"}],\"nextCursor\":null}");
        PLATFORM.answers(
                "/api/v1/calendars/bank-holidays",
                200,
                "kind: \"Calendar\"\nkey: \"bank-holidays\"\nyearly:\n- \"12-25\"\nstatus:\n  version: 2\n",
                "\"2\"");
        PLATFORM.answers("PUT /api/v1/calendars/bank-holidays", 202, "{\"changeId\":\"c1\"}");
        as("ada");

        assertThat(page("/schedule/calendars")).contains("bank-holidays", "shared by all");
        assertThat(page("/schedule/calendars/bank-holidays")).contains("12-25").doesNotContain("version: 2");
        var stored = send(
                "/schedule/calendars/bank-holidays/edit",
                "/schedule/calendars/bank-holidays",
                "entityTag",
                "\"2\"",
                "text",
                "key: bank-holidays");
        assertThat(stored.body()).contains("it waits for a second person");
        assertThat(PLATFORM.conditions()).containsExactly("PUT /api/v1/calendars/bank-holidays If-Match: \"2\"");
        PLATFORM.answers(
                "PUT /api/v1/calendars/bank-holidays",
                412,
                problem("version-mismatch", "Somebody has changed it.", ""));
        var late = send(
                "/schedule/calendars/bank-holidays/edit",
                "/schedule/calendars/bank-holidays",
                "entityTag",
                "\"1\"",
                "text",
                "key: bank-holidays");
        assertThat(late.statusCode()).isEqualTo(409);
        assertThat(late.body()).contains("Somebody has changed it.");
    }

    @Test
    void aViewerSeesCalendarsAndWhatItTakesToChangeThem() {
        PLATFORM.answers("/api/v1/calendars", 200, "{\"items\":[],\"nextCursor\":null}");
        as("vi");

        assertThat(page("/schedule/calendars")).contains("No calendars", "needs the role editor; you have:");
    }

    @Test
    void theAuditLogShowsWhatChangedInWords() {
        PLATFORM.answers("/api/v1/audit", 200, WatchSamples.audit());
        as("ada");

        var page = page("/audit?actor=ana&from=2026-11-20");

        assertThat(PLATFORM.requests())
                .containsExactly("GET /api/v1/audit?actor=ana&from=2026-11-20T00%3A00%3A00Z&limit=50");
        assertThat(page)
                .contains("<b>removed</b>", "roles: [&quot;viewer&quot;]", "<b>added</b>", "roles: [&quot;admin&quot;]")
                .doesNotContain("name: Bo")
                .contains("4bf92f3577b34da6a3ce929d0e0e4736", "192.0.2.7", "href=\"/settings/users/bo\"")
                .contains("href=\"/audit/export?actor=ana&amp;from=2026-11-20\"");
        PLATFORM.answers("/api/v1/audit", 200, "{\"items\":[],\"nextCursor\":null}");
        assertThat(page("/audit?actor=nobody")).contains("No entry matches");
    }

    @Test
    void othersAreToldWhomToAsk() {
        PLATFORM.answers("/api/v1/audit", 403, problem("forbidden", "Forbidden.", ""));
        PLATFORM.answers("/api/v1/audit/verify", 403, problem("forbidden", "Forbidden.", ""));
        as("ana");

        for (var path : new String[] {"/audit", "/audit/verify"}) {
            var refused = browser.get(path);
            assertThat(refused.statusCode()).isEqualTo(403);
            assertThat(refused.body())
                    .contains(
                            "for auditors and administrators",
                            "This needs the scope audit:read; ana has the role operator.")
                    .contains("Ask an administrator");
        }
    }

    @Test
    void theExportIsOneEntryALine() {
        PLATFORM.answers("/api/v1/audit", 200, WatchSamples.audit());
        as("ada");

        var file = browser.get("/audit/export?actor=ana");

        assertThat(file.headers().firstValue("Content-Type").orElse("")).startsWith("application/x-ndjson");
        assertThat(file.headers().firstValue("Content-Disposition").orElse("")).contains("attachment", ".ndjson");
        assertThat(file.body().lines()).hasSize(2).allMatch(line -> line.startsWith("{\"auditId\":"));
    }

    @Test
    void theCheckOfTheChainSaysItsResultInWords() {
        var head = "\"head\":{\"place\":12,\"hash\":\"00ff\",\"sealedAt\":\"2026-11-20T05:00:00Z\"}";
        as("ada");

        PLATFORM.answers(
                "/api/v1/audit/verify",
                200,
                "{\"verified\":true,\"from\":1,\"to\":12,\"complete\":true," + head + ",\"broken\":null}");
        assertThat(page("/audit/verify")).contains("All 12 entries are as they were sealed", "00ff");
        PLATFORM.answers(
                "/api/v1/audit/verify",
                200,
                "{\"verified\":true,\"from\":1,\"to\":6,\"complete\":false," + head + ",\"broken\":null}");
        assertThat(page("/audit/verify"))
                .contains("Places 1 to 6 are as they were sealed", "Go on from there", "after=6");
        PLATFORM.answers(
                "/api/v1/audit/verify",
                200,
                "{\"verified\":false,\"from\":1,\"to\":12,\"complete\":true," + head
                        + ",\"broken\":{\"place\":7,\"auditId\":\"a7\",\"fault\":\"CHANGED\"}}");
        assertThat(page("/audit/verify"))
                .contains("The chain is broken", "The entry at place 7 is not as it was sealed", "a7");
    }

    @Test
    void allSchedulingIsPausedOnceItsNumberIsTyped() {
        PLATFORM.answers("/api/v1/schedule", 200, WatchSamples.schedule());
        PLATFORM.answers("/api/v1/cluster", 200, WatchSamples.cluster());
        PLATFORM.answers("POST /api/v1/schedule/pause", 200, "{\"dryRun\":true,\"schedules\":12}");
        as("ada");
        assertThat(page("/schedule")).contains("href=\"/schedule/pause\"").doesNotContain("/schedule/resume");

        var asked = page("/schedule/pause");
        assertThat(asked).contains("Type <b>12</b> to go on", "name=\"schedules\" value=\"12\"", "danger");
        var refused = send(
                "/schedule/pause", "/schedule/pause", "schedules", "12", "reason", "storm", "key", "k", "typed", "2");
        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(refused.body()).contains("Type the number 12", "value=\"storm\"");
        var done = send(
                "/schedule/pause", "/schedule/pause", "schedules", "12", "reason", "storm", "key", "k", "typed", "12");
        assertThat(done.body()).contains("All scheduling is paused. Every page says so until it is resumed.");
        assertThat(PLATFORM.bodies()).contains("POST /api/v1/schedule/pause {\"reason\":\"storm\"}");
    }

    @Test
    void aPauseOfAllSchedulingStandsFirstAndIsEndedThere() {
        PLATFORM.answers(
                "/api/v1/schedule",
                200,
                WatchSamples.nothingScheduled()
                        .replace(
                                "\"pausedAreAll\": true}",
                                "\"pausedAreAll\": true, \"allPaused\": {\"since\": \"2026-11-20T05:00:00Z\", \"by\": \"bo\", \"reason\": \"storm\"}}"));
        PLATFORM.answers("/api/v1/cluster", 200, WatchSamples.cluster());
        PLATFORM.answers("POST /api/v1/schedule/resume", 200, "{\"dryRun\":true,\"schedules\":12}");
        as("ada");

        var page = page("/schedule");
        assertThat(page).contains("All scheduling is paused", "<b>bo</b>", "storm", "href=\"/schedule/resume\"");
        assertThat(page.indexOf("All scheduling is paused")).isLessThan(page.indexOf("id=\"missed\""));
        assertThat(page("/schedule/resume")).contains("Resume all scheduling").doesNotContain("name=\"typed\"");
        assertThat(send("/schedule/resume", "/schedule/resume", "reason", "over", "key", "k")
                        .body())
                .contains("Schedules fire again.");
        PLATFORM.answers(
                "POST /api/v1/schedule/resume", 409, problem("illegal-action", "Schedules are not paused.", ""));
        assertThat(browser.get("/schedule/resume").body()).contains("Nothing was done. Schedules are not paused.");
        assertThat(send("/schedule", "/schedule/resume", "reason", "over", "key", "k")
                        .statusCode())
                .isEqualTo(409);
    }

    @Test
    void pausingAllSchedulingTakesAllGroups() {
        PLATFORM.answers("/api/v1/schedule", 200, WatchSamples.schedule());
        PLATFORM.answers("/api/v1/cluster", 200, WatchSamples.cluster());
        as("vi");

        assertThat(page("/schedule"))
                .contains("need the role editor for all groups")
                .doesNotContain("/schedule/pause\"");
    }
}
