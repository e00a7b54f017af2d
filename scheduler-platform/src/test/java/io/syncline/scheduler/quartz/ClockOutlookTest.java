package io.syncline.scheduler.quartz;

import static io.syncline.scheduler.testing.GroupFixture.aGroup;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.scheduler.catalog.Misfire;
import io.syncline.scheduler.catalog.Schedule;
import io.syncline.scheduler.ops.ScheduleOutlook.Missed;
import io.syncline.scheduler.ops.ScheduleOutlook.Scheduled;
import io.syncline.scheduler.security.Labels;
import io.syncline.scheduler.testing.FixedTaskGroups;
import io.syncline.scheduler.testing.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ClockOutlookTest {

    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
    private static final Instant NEXT_NOON = NOON.plus(Duration.ofHours(24));

    private final TestDatabase database = TestDatabase.h2();
    private final FixedTaskGroups groups = new FixedTaskGroups();
    private final JdbcScheduleClocks clocks = new JdbcScheduleClocks(database.jdbc());
    private final ClockOutlook outlook = new ClockOutlook(clocks, groups, key -> Optional.empty());

    @BeforeEach
    void twoSchedules() {
        given("nightly", "0 30 2 * * ?", Misfire.FIRE_ONCE, "billing", "2026-11-21T01:30:00Z");
        given("every-minute", "0 * * * * ?", Misfire.SKIP, "risk", "2026-11-20T12:01:00Z");
        given("yearly", "0 0 0 1 1 ?", Misfire.SKIP, "risk", "2026-12-31T23:00:00Z");
    }

    @Test
    void itTellsWhatFiresWithinTheTimeTheSoonestFirst() {
        var ahead = outlook.between(NOON, NEXT_NOON, Labels.ALL);

        assertThat(ahead.groups()).extracting(Scheduled::group).containsExactly("every-minute", "nightly");
        assertThat(ahead.groups().get(1).fires()).containsExactly(Instant.parse("2026-11-21T01:30:00Z"));
        assertThat(ahead.groups().get(1).firesAreAll()).isTrue();
        assertThat(ahead.groupsAreAll()).isTrue();
    }

    @Test
    void aBusyScheduleIsToldUpToABound() {
        var busy = outlook.between(NOON, NEXT_NOON, Labels.ALL).groups().get(0);

        assertThat(busy.fires()).hasSize(ClockOutlook.MOST_FIRES);
        assertThat(busy.firesAreAll()).isFalse();
    }

    @Test
    void missedStartsComeWithTheirPolicy() {
        var missed = Instant.parse("2026-11-20T01:30:00Z");
        clocks.addMissed("nightly", List.of(missed), NOON);

        assertThat(outlook.between(NOON, NEXT_NOON, Labels.ALL).missed())
                .containsExactly(new Missed("nightly", missed, NOON, "FIRE_ONCE"));
    }

    @Test
    void othersAreOutOfReach() {
        clocks.addMissed("nightly", List.of(NOON.minusSeconds(600)), NOON);

        var ahead = outlook.between(NOON, NEXT_NOON, Labels.of(List.of("risk")));

        assertThat(ahead.groups()).extracting(Scheduled::group).containsExactly("every-minute");
        assertThat(ahead.missed()).isEmpty();
    }

    private void given(String key, String cron, Misfire misfire, String label, String nextAt) {
        var schedule = new Schedule(cron, ZoneId.of("Europe/Berlin"), misfire);
        groups.put(aGroup(key).scheduled(schedule).labels(label));
        database.jdbc()
                .sql(
                        "insert into task_group (group_key, latest_version, created_at) values (:key, 1, current_timestamp)")
                .param("key", key)
                .update();
        database.jdbc()
                .sql("insert into task_group_label (group_key, label) values (:key, :label)")
                .param("key", key)
                .param("label", label)
                .update();
        clocks.insert(new ScheduleClock(key, ScheduleClock.spec(schedule), NOON, Instant.parse(nextAt)));
    }
}
