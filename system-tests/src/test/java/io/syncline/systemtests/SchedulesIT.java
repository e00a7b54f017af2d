package io.syncline.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.syncline.systemtests.RecordingDownstream.Reply;
import io.syncline.systemtests.api.PlatformApi;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Time as it starts groups and misses what they should do, on two nodes. */
@ExtendWith(Cluster.Shared.class)
class SchedulesIT {

    private static final String SYSTEM = "scheduled";
    private static final Duration SOON = Duration.ofSeconds(25);
    private static final ZoneId WARSAW = ZoneId.of("Europe/Warsaw");

    /** 501 by {@code -Dsyncline.tests.outage-schedules=501}. */
    private static final int IN_AN_OUTAGE = Integer.getInteger("syncline.tests.outage-schedules", 60);

    /** As the nodes make up for what was missed unless told otherwise. */
    private static final int STARTS_A_SECOND = 20;

    private final Cluster cluster;
    private final PlatformApi platform;
    private final RecordingDownstream downstream;

    SchedulesIT(Cluster cluster) {
        this.cluster = cluster;
        platform = cluster.platform();
        downstream = cluster.downstream(SYSTEM);
    }

    @BeforeEach
    void putSystem() {
        downstream.answers(call -> Reply.completed());
        Documents.putSystem(platform, SYSTEM, 20, List.of(downstream.url()));
    }

    @AfterEach
    void stop() {
        downstream.close();
    }

    @Test
    void twoNodesFireEachTimeOnceUntilTheCalendarExcludesTheDay() {
        putCalendar(List.of());
        putGroup("each-second", Map.of("schedule", schedule("* * * * * ?")));
        await().atMost(SOON).until(() -> fired("each-second").size() >= 3);

        putCalendar(List.of("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY").stream()
                .filter(day -> !day.equals(afterTomorrow()))
                .toList());

        await().atMost(SOON)
                .until(() ->
                        Duration.between(newest("each-second"), Instant.now()).toMillis() > 3_500);
        var times = fired("each-second");
        assertThat(times).doesNotHaveDuplicates();
        var next = platform.get("/api/v1/groups/each-second/fire-times?count=2")
                .expect(200)
                .json();
        assertThat(next.at("/items")).hasSize(2);
        assertThat(Instant.parse(next.at("/items/0/at").asString())
                        .atZone(ZoneOffset.UTC)
                        .getDayOfWeek())
                .hasToString(afterTomorrow());
        assertThat(platform.send("DELETE", "/api/v1/calendars/half-the-week", Map.of("If-Match", "*"), new byte[0])
                        .status())
                .isEqualTo(409);
        putGroup("each-second", Map.of());
    }

    @Test
    void halfPastTwoInWarsawComesOnceADayOverBothChangesOfTheClocksAndOnTheLeapDay() {
        for (var node : List.of(platform, cluster.secondNode())) {
            assertThat(next(node, "0 30 2 ? 3 1L", 3))
                    .as("the hour is skipped: the first moment after it")
                    .allMatch(at -> at.atZone(ZoneOffset.UTC).toLocalTime().equals(LocalTime.of(1, 0)));
            assertThat(next(node, "0 30 2 ? 10 1L", 3))
                    .as("the hour comes twice: the first time alone")
                    .allMatch(at -> at.atZone(ZoneOffset.UTC).toLocalTime().equals(LocalTime.of(0, 30)));
            assertThat(next(node, "0 30 2 29 2 ?", 2))
                    .allMatch(
                            at -> at.atZone(WARSAW).toLocalDateTime().toString().endsWith("-02-29T02:30"));
            var days = next(node, "0 30 2 * * ?", 100).stream()
                    .map(at -> at.atZone(WARSAW).toLocalDate())
                    .toList();
            assertThat(days)
                    .isEqualTo(days.get(0).datesUntil(days.get(0).plusDays(100)).toList());
        }
    }

    private static List<Instant> next(PlatformApi node, String cron, int count) {
        return node.post(
                        "/api/v1/fire-times?count=" + count,
                        Map.of("schedule", Map.of("cron", cron, "zone", WARSAW.getId())))
                .expect(200)
                .json()
                .path("items")
                .valueStream()
                .map(item -> Instant.parse(item.path("at").asString()))
                .toList();
    }

    /** As if neither node had run for two hours: the rows of their clock are those that an outage leaves. */
    @Test
    void afterTwoHoursEachScheduleKeepsItsPolicyAndAllTogetherThePace() throws SQLException {
        var each = IN_AN_OUTAGE / 3;
        // Each quarter of an hour, but neither just now nor soon.
        var quarterly =
                "0 %d/15 * * * ?".formatted((LocalTime.now(ZoneOffset.UTC).getMinute() + 7) % 15);
        for (int place = 0; place < each; place++) {
            putGroup("outage-once-" + place, Map.of("schedule", Map.of("cron", quarterly)));
            putGroup("outage-skip-" + place, Map.of("schedule", Map.of("cron", quarterly, "misfire", "SKIP")));
            putGroup(
                    "outage-up-" + place,
                    Map.of("schedule", Map.of("cron", quarterly, "misfire", "CATCH_UP", "maxCatchUp", 2)));
        }
        await().atMost(SOON)
                .until(() ->
                        query("select trigger_name from qrtz_triggers where trigger_name like 'outage-%'", name -> name)
                                        .size()
                                == each * 3);
        var began = Instant.now().minus(Duration.ofHours(2));
        try (var connection = cluster.database();
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.executeUpdate("update schedule_clock set dealt_through = '" + began + "', next_at = '" + began
                    + "' where group_key like 'outage-%'");
            statement.executeUpdate("update qrtz_triggers set next_fire_time = " + began.toEpochMilli()
                    + ", start_time = " + began.toEpochMilli() + " where trigger_name like 'outage-%'");
            connection.commit();
        }

        await().atMost(SOON.plusMillis(each * 3L * 1000 / STARTS_A_SECOND * 3))
                .until(() -> startedAt("outage-").size() >= each * 3
                        && query("select group_key from missed_start where group_key like 'outage-%'", key -> key)
                                .isEmpty());
        assertThat(startedAt("outage-once-")).hasSize(each);
        assertThat(startedAt("outage-up-")).hasSize(each * 2);
        assertThat(startedAt("outage-skip-")).isEmpty();
        var all = startedAt("outage-");
        for (int i = 0; i + 2 * STARTS_A_SECOND < all.size(); i++) {
            assertThat(Duration.between(all.get(i), all.get(i + 2 * STARTS_A_SECOND)))
                    .as("start %d and the second batch after it", i)
                    .isGreaterThanOrEqualTo(Duration.ofSeconds(1));
        }
        for (int place = 0; place < each; place++) {
            assertThat(fired("outage-up-" + place)).hasSize(2).doesNotHaveDuplicates();
            for (var kind : List.of("once", "skip", "up")) {
                putGroup("outage-" + kind + "-" + place, Map.of());
            }
        }
    }

    /** When the messages of the schedules were taken. */
    private List<Instant> startedAt(String groups) {
        return query(
                "select to_char(received_at at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') from trigger_message"
                        + " where source like '/syncline/schedules/" + groups + "%' order by received_at",
                Instant::parse);
    }

    @Test
    void aPausedScheduleIsHeldAndResumedWithItsLatest() {
        putGroup("paused", Map.of());
        platform.post("/api/v1/groups/paused/pause?dryRun=true", Map.of("reason", "a look"))
                .expect(200);
        platform.post("/api/v1/groups/paused/pause", Map.of("reason", "the downstream moves"))
                .expect(200);
        putGroup("paused", Map.of("schedule", Map.of("cron", "* * * * * ?")));
        await().atMost(SOON).until(() -> fired("paused").size() >= 2);
        assertThat(downstream.calls().stream()
                        .filter(call -> call.body().path("group").asString().equals("paused")))
                .isEmpty();
        putGroup("paused", Map.of());
        await().atMost(SOON)
                .until(() -> Duration.between(newest("paused"), Instant.now()).toMillis() > 2_500);

        platform.post("/api/v1/groups/paused/resume?held=latest", Map.of("reason", "it has moved"))
                .expect(200);

        await().atMost(SOON).until(() -> states("paused").stream().noneMatch("QUEUED"::equals));
        assertThat(states("paused").stream().filter("SKIPPED"::equals))
                .hasSize(fired("paused").size() - 1);
    }

    @Test
    void aTriggerThatDoesNotComeByItsTimeIsAnAlertUntilItComes() {
        var inFourSeconds = LocalTime.now(ZoneOffset.UTC).plusSeconds(4).truncatedTo(ChronoUnit.SECONDS);
        putGroup("expected", Map.of("expectBy", Map.of("time", inFourSeconds.toString(), "zone", "UTC")));

        await().atMost(SOON).until(() -> stands("EXPECTED_TRIGGER_MISSING", "group:expected"));
        platform.post("/api/v1/groups/expected/start", Map.of("reason", "by hand"))
                .expect(202);
        await().atMost(SOON).until(() -> !stands("EXPECTED_TRIGGER_MISSING", "group:expected"));
    }

    @Test
    void allThatIsWrongWithACalendarAndItsUseIsTold() {
        var wrong = platform.send(
                "PUT",
                "/api/v1/calendars/wrong",
                Map.of("Content-Type", "application/yaml", "If-None-Match", "*"),
                "apiVersion: syncline/v1\nkind: Calendar\nkey: wrong\nholidays: [someday]\ndays: 1\n".getBytes());
        assertThat(wrong.status()).isEqualTo(422);
        assertThat(wrong.json().toString()).contains("/holidays/0", "/days");

        var nowhere = platform.send(
                "PUT",
                "/api/v1/groups/nowhere",
                Map.of("Content-Type", "application/yaml", "If-None-Match", "*"),
                ("apiVersion: syncline/v1\nkind: TaskGroup\nkey: nowhere\n"
                                + "schedule: {cron: \"0 0 1 * * ?\", calendar: nowhere}\n"
                                + "tasks: [{key: work, system: " + SYSTEM + ", path: /work}]\n")
                        .getBytes());
        assertThat(nowhere.status()).isEqualTo(422);
        assertThat(nowhere.json().at("/errors/0/pointer").asString()).isEqualTo("/schedule/calendar");
        assertThat(platform.get("/api/v1/groups/nowhere/fire-times").status()).isEqualTo(404);
    }

    private static String afterTomorrow() {
        return Instant.now().atZone(ZoneOffset.UTC).plusDays(2).getDayOfWeek().toString();
    }

    private static Map<String, Object> schedule(String cron) {
        return Map.of("cron", cron, "zone", "UTC", "calendar", "half-the-week");
    }

    private void putCalendar(List<String> weekends) {
        platform.put(
                "/api/v1/calendars/half-the-week",
                Map.of("apiVersion", "syncline/v1", "kind", "Calendar", "key", "half-the-week", "weekends", weekends));
    }

    private void putGroup(String key, Map<String, Object> more) {
        var document = new HashMap<String, Object>(Map.of(
                "apiVersion",
                "syncline/v1",
                "kind",
                "TaskGroup",
                "key",
                key,
                "tasks",
                List.of(Map.of("key", "work", "system", SYSTEM, "path", "/work"))));
        document.putAll(more);
        platform.put("/api/v1/groups/" + key, document);
    }

    /** The intended fire times of the schedule's messages. */
    private List<Instant> fired(String group) {
        return query(
                "select event_time from trigger_message where source = '/syncline/schedules/" + group
                        + "' order by event_time",
                Instant::parse);
    }

    private Instant newest(String group) {
        var times = fired(group);
        return times.get(times.size() - 1);
    }

    private List<String> states(String group) {
        return query("select state from run where group_key = '" + group + "'", state -> state);
    }

    private boolean stands(String condition, String subject) {
        return !query(
                        "select subject from incident_member where condition_name = '" + condition + "' and subject = '"
                                + subject + "' and cured_at is null",
                        found -> found)
                .isEmpty();
    }

    private <T> List<T> query(String statement, java.util.function.Function<String, T> reader) {
        try (var connection = cluster.database();
                var rows = connection.createStatement().executeQuery(statement)) {
            var found = new ArrayList<T>();
            while (rows.next()) {
                found.add(reader.apply(rows.getString(1)));
            }
            return found;
        } catch (java.sql.SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
