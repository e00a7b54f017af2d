package io.syncline.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.syncline.systemtests.RecordingDownstream.Reply;
import io.syncline.systemtests.api.PlatformApi;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
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
