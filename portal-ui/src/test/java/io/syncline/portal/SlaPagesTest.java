package io.syncline.portal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

/** How well groups keep to what they promise. */
class SlaPagesTest extends SignedInPages {

    private static final String DAILY = "/api/v1/groups/daily/sla";

    private static String totals(String runs, int onTime, int late, int failed) {
        return """
                {"runs": %s, "onTime": %d, "late": %d, "failed": %d, "leftOut": 1, "open": 1,
                 "p50Millis": 124000, "p95Millis": 280000}""".formatted(runs, onTime, late, failed);
    }

    private static String groups() {
        return """
                {"from": "2026-10-22T00:00:00Z", "to": "2026-11-20T05:00:00Z", "groupsAreAll": false, "groups": [
                  {"group": "daily", "freshness": {"target": "PT26H", "lastSuccessAt": "2026-11-18T02:40:00Z", "overTarget": true},
                   "totals": %s},
                  {"group": "fresh", "freshness": {"target": null, "lastSuccessAt": null, "overTarget": false},
                   "totals": {"runs": {"value": 0, "relation": "eq"}, "onTime": 0, "late": 0, "failed": 0, "leftOut": 0, "open": 0,
                    "p50Millis": null, "p95Millis": null}}]}""".formatted(totals("{\"value\": 200, \"relation\": \"gte\"}", 1999, 0, 1));
    }

    private static String one(String runs, String days, String causes) {
        return """
                {"group": "daily", "from": "2026-11-18T00:00:00Z", "to": "2026-11-20T05:00:00Z", "zone": "UTC",
                 "countedFrom": "2026-11-18T03:00:00Z",
                 "freshness": {"target": "PT26H", "lastSuccessAt": "2026-11-20T02:40:00Z", "overTarget": false},
                 "totals": %s, "days": [%s], "causes": [%s],
                 "budget": {"from": "2026-10-21T05:00:00Z", "to": "2026-11-20T05:00:00Z", "objective": 99.5,
                  "judged": {"value": 1300, "relation": "eq"}, "missed": 6, "allowed": 6.5},
                 "tasks": [{"task": "load", "runs": 4, "p50Millis": 124000, "p95Millis": 280000, "longestMillis": 281000},
                  {"task": "extract", "runs": 5, "p50Millis": 900, "p95Millis": 1100, "longestMillis": 1200}]}""".formatted(totals(runs, 3, 1, 2), days, causes);
    }

    private static String threeDays() {
        return """
                {"day": "2026-11-18", "onTime": 1, "late": 0, "failed": 2, "leftOut": 0, "open": 0, "p50Millis": 60000,
                 "p95Millis": 61000, "oldestMillis": 3600000},
                {"day": "2026-11-19", "onTime": 0, "late": 0, "failed": 0, "leftOut": 0, "open": 0, "p50Millis": null,
                 "p95Millis": null, "oldestMillis": 172800000},
                {"day": "2026-11-20", "onTime": 2, "late": 1, "failed": 0, "leftOut": 1, "open": 1, "p50Millis": 124000,
                 "p95Millis": 280000, "oldestMillis": 90000000}""";
    }

    private static String causes() {
        return "{\"cause\": \"TIMED_OUT\", \"runs\": 3}, {\"cause\": \"=REFUSED, \\\"x\\\"\", \"runs\": 1}";
    }

    private static String daysBack(int days) {
        return LocalDate.ofInstant(Instant.now(), ZoneOffset.UTC).minusDays(days) + "T00%3A00%3A00Z";
    }

    @Test
    void groupsAreListedWithTheirShareOnTime() {
        PLATFORM.answers("/api/v1/sla", 200, groups());
        as("vi");

        var page = page("/sla?range=7");

        assertThat(page)
                .contains("99.9 %", "newest 200", "OVER TARGET", "1 d 2 h", "no run has ended", "none yet")
                .contains("2 min 4 s", "4 min 40 s")
                .contains("href=\"/sla?group=daily&amp;range=7\"", "More groups are within your reach")
                .containsPattern("href=\"/sla\\?range=7\"[^>]*aria-current=\"page\"")
                .containsPattern("href=\"/sla\" [^>]*aria-current=\"page\"[^>]*data-key=\"sla\"");
        assertThat(PLATFORM.requests()).containsAnyOf("GET /api/v1/sla?from=" + daysBack(6));
    }

    @Test
    void theErrorBudgetIsToldForTheChosenObjectiveAndTasksWithTheSlowestFirst() {
        PLATFORM.answers(DAILY, 200, one("{\"value\": 6, \"relation\": \"eq\"}", threeDays(), causes()));
        as("vi");

        var page = page("/sla?group=daily&range=7&objective=99.5");

        assertThat(PLATFORM.requests()).anyMatch(request -> request.endsWith("&zone=UTC&objective=99.5"));
        assertThat(page)
                .contains("NEARLY USED UP", "92 %", "class=\"lane-attention\" width=\"92\"")
                .contains("6.5 of 1\u00a0300 runs may be late or failed for 99.5 % on time; 6 were.")
                .containsPattern("objective=99.5#budget\"[^>]*aria-current=\"true\"")
                .containsPattern("(?s)load.*4 min 40 s.*4 min 41 s.*extract.*1.1 s.*1.2 s");
        assertThat(page("/sla/tasks.csv?group=daily"))
                .isEqualTo(
                        "task,runs,p50_ms,p95_ms,longest_ms\r\nload,4,124000,280000,281000\r\nextract,5,900,1100,1200\r\n");
        assertThat(page("/sla?group=daily&objective=12"))
                .containsPattern("objective=99#budget\"[^>]*aria-current=\"true\"");
    }

    @Test
    void withoutGroupsThePageSaysSo() {
        PLATFORM.answers("/api/v1/sla", 200, "{\"groups\": [], \"groupsAreAll\": true}");
        as("vi");

        assertThat(page("/sla?range=nonsense")).contains("No groups yet").doesNotContain("groups.csv");
        assertThat(PLATFORM.requests()).containsAnyOf("GET /api/v1/sla?from=" + daysBack(29));
    }

    @Test
    void aGroupIsShownDayByDayWithATableUnderEachChart() {
        PLATFORM.answers(DAILY, 200, one("{\"value\": 8, \"relation\": \"eq\"}", threeDays(), causes()));
        as("vi");

        var page = page("/sla?group=daily&range=90");

        assertThat(page)
                .contains("50 % of 6 runs on time", "1 late, 2 failed")
                .contains("On 1 day of 3 the last success became older than the target.")
                .contains("Half of the completed runs took 2 min 4 s at most, 95 of 100 took 4 min 40 s.")
                .contains("Most often TIMED_OUT: 3 runs.", "=REFUSED, &quot;x&quot;")
                .contains("id=\"on-time-table\"", "id=\"fresh-table\"", "id=\"duration-table\"")
                .contains("lane-success", "lane-attention", "lane-failed", "lane-waiting", "lane-cross", "target-line")
                .contains("href=\"/runs?group=daily&amp;from=2026-11-18&amp;to=2026-11-19\"")
                .contains("/sla/on-time.csv?group=daily&amp;range=90")
                .doesNotContain("style=")
                .doesNotContain("There are more runs than");
        assertThat(page.substring(page.indexOf("worst-title")))
                .containsSubsequence("2026-11-18", "33.3 %", "2026-11-20", "66.6 %");
        assertThat(PLATFORM.requests())
                .containsAnyOf("GET /api/v1/groups/daily/sla?from=" + daysBack(89) + "&zone=UTC&objective=99");
    }

    @Test
    void whereNotAllRunsAreCountedThePageSaysSinceWhen() {
        PLATFORM.answers(DAILY, 200, one("{\"value\": 10000, \"relation\": \"gte\"}", threeDays(), ""));
        as("vi");

        assertThat(page("/sla?group=daily"))
                .contains("There are more runs than can be looked at", "newest 10\u00a0000", "2026-11-18 03:00:00")
                .contains("No run has failed.")
                .doesNotContain("causes.csv");
    }

    @Test
    void aGroupWithoutRunsSaysWhenChartsBegin() {
        PLATFORM.answers(DAILY, 200, one("{\"value\": 0, \"relation\": \"eq\"}", "", ""));
        as("vi");

        assertThat(page("/sla?group=daily"))
                .contains("No run in these 30 days", "Charts begin with the first day", "/sla?group=daily&amp;range=90")
                .doesNotContain("on-time-table");
        assertThat(page("/sla?group=daily&range=90"))
                .contains("No run in 90 days")
                .doesNotContain("Widen to");
    }

    @Test
    void eachChartComesAsCsvInWhichNoCellIsAFormula() {
        PLATFORM.answers("/api/v1/sla", 200, groups());
        PLATFORM.answers(DAILY, 200, one("{\"value\": 8, \"relation\": \"eq\"}", threeDays(), causes()));
        as("vi");

        var onTime = browser.get("/sla/on-time.csv?group=daily&range=7");
        assertThat(onTime.headers().firstValue("Content-Type")).contains("text/csv;charset=UTF-8");
        assertThat(onTime.headers().firstValue("Content-Disposition"))
                .contains("attachment; filename=\"sla-on-time.csv\"");
        assertThat(onTime.body())
                .isEqualTo("day,on_time_percent,on_time,late,failed,left_out,open\r\n2026-11-18,33.3,1,0,2,0,0\r\n"
                        + "2026-11-19,,0,0,0,0,0\r\n2026-11-20,66.6,2,1,0,1,1\r\n");
        assertThat(browser.get("/sla/freshness.csv?group=daily").body()).contains("2026-11-19,172800000,93600000\r\n");
        assertThat(browser.get("/sla/duration.csv?group=daily").body())
                .contains("2026-11-19,,\r\n", "2026-11-20,124000,280000\r\n");
        assertThat(browser.get("/sla/causes.csv?group=daily").body())
                .isEqualTo("cause,runs\r\nTIMED_OUT,3\r\n\"'=REFUSED, \"\"x\"\"\",1\r\n");
        assertThat(browser.get("/sla/groups.csv").body())
                .contains("daily,99.9,1999,0,1,1,1,124000,280000,2026-11-18T02:40:00Z,PT26H,false\r\n")
                .contains("fresh,,0,0,0,0,0,,,,,true\r\n");
    }

    @Test
    void anUnknownGroupIsNotFound() {
        PLATFORM.answers(DAILY, 404, problem("not-found", "There is no task group 'daily'.", ""));
        as("vi");

        var page = browser.get("/sla?group=daily");

        assertThat(page.statusCode()).isEqualTo(404);
        assertThat(page.body()).contains("There is no task group");
    }
}
