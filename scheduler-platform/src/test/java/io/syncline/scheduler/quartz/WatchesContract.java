package io.syncline.scheduler.quartz;

import static io.syncline.scheduler.testing.GroupFixture.aGroup;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.scheduler.catalog.AlertCondition;
import io.syncline.scheduler.catalog.AlertSignal;
import io.syncline.scheduler.run.GroupActivities;
import io.syncline.scheduler.store.Ids;
import io.syncline.scheduler.store.JdbcTimes;
import io.syncline.scheduler.testing.FixedTaskGroups;
import io.syncline.scheduler.testing.HeardSignals;
import io.syncline.scheduler.testing.TestDatabase;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is expected of groups, on every database. */
abstract class WatchesContract {

    private static final Instant MIDNIGHT = Instant.parse("2026-11-20T00:00:00Z");
    private static final Instant HALF_PAST_THREE = Instant.parse("2026-11-20T03:30:00Z");

    private final FixedTaskGroups groups = new FixedTaskGroups();
    private final HeardSignals signals = new HeardSignals();
    private Instant now = MIDNIGHT;
    private TestDatabase database;
    private Watches watches;

    abstract TestDatabase emptyDatabase();

    @BeforeEach
    void open() {
        database = emptyDatabase();
        watches = new Watches(
                groups,
                new JdbcWatches(database.jdbc()),
                GroupActivities.of(database.jdbc()),
                signals,
                () -> now,
                database.transactions());
    }

    @Test
    void aTriggerThatDoesNotComeIsToldOnceADayUntilOneComes() {
        groups.put(aGroup("daily").expectedBy(LocalTime.of(3, 30), ZoneOffset.UTC));
        watches.align();
        // The one of yesterday's deadline, and a re-run, are none.
        run("daily", "COMPLETED", HALF_PAST_THREE.minus(Duration.ofDays(1)), null);
        run("daily", "COMPLETED", MIDNIGHT.plusSeconds(1), "another");

        lookAt(HALF_PAST_THREE.minusSeconds(1));
        assertThat(signals.raised()).isEmpty();
        lookAt(HALF_PAST_THREE.plusSeconds(2));
        lookAt(HALF_PAST_THREE.plusSeconds(60));
        assertThat(signals.raised()).singleElement().satisfies(signal -> {
            assertThat(signal.condition()).isEqualTo(AlertCondition.EXPECTED_TRIGGER_MISSING);
            assertThat(signal.subject()).isEqualTo("group:daily");
            assertThat(signal.since()).isEqualTo(HALF_PAST_THREE);
        });
        lookAt(HALF_PAST_THREE.plus(Duration.ofDays(1)).plusSeconds(2));
        assertThat(signals.raised()).hasSize(2);

        run("daily", "QUEUED", now.plusSeconds(5), null);
        lookAt(now.plusSeconds(20));

        assertThat(signals.cured()).containsExactly("EXPECTED_TRIGGER_MISSING group:daily");
        lookAt(HALF_PAST_THREE.plus(Duration.ofDays(2)).plusSeconds(2));
        assertThat(signals.raised()).hasSize(2);
    }

    @Test
    void aGroupWithoutSuccessForTooLongIsToldAndCuredByTheNext() {
        groups.put(aGroup("hourly").freshness(Duration.ofHours(1)));
        watches.align();

        lookAt(MIDNIGHT.plus(Duration.ofMinutes(59)));
        assertThat(signals.raised()).isEmpty();
        run("hourly", "FAILED", now, null);
        lookAt(MIDNIGHT.plus(Duration.ofMinutes(61)));
        assertThat(signals.raised())
                .extracting(AlertSignal::condition, AlertSignal::since)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(
                        AlertCondition.FRESHNESS, MIDNIGHT.plus(Duration.ofHours(1))));
        run("hourly", "COMPLETED", now, null);
        lookAt(now.plusSeconds(11));

        assertThat(signals.cured()).containsExactly("FRESHNESS group:hourly");
        lookAt(now.plus(Duration.ofMinutes(55)));
        assertThat(signals.raised()).hasSize(1);
    }

    @Test
    void aPausedGroupIsNotStaleUntilItIsResumed() {
        groups.put(aGroup("hourly").freshness(Duration.ofHours(1)));
        watches.align();
        groups.pause("hourly", MIDNIGHT);

        lookAt(MIDNIGHT.plus(Duration.ofHours(5)));
        assertThat(signals.raised()).isEmpty();
        groups.resume("hourly");
        lookAt(now.plusSeconds(31));

        assertThat(signals.raised()).hasSize(1);
    }

    @Test
    void whatIsExpectedNoMoreIsCured() {
        groups.put(aGroup("hourly").freshness(Duration.ofHours(1)));
        watches.align();
        lookAt(MIDNIGHT.plus(Duration.ofHours(2)));
        assertThat(signals.raised()).hasSize(1);

        groups.put(aGroup("hourly").version(2));
        watches.align();
        lookAt(MIDNIGHT.plus(Duration.ofHours(4)));

        assertThat(signals.cured()).containsExactly("FRESHNESS group:hourly");
        assertThat(signals.raised()).hasSize(1);
        assertThat(database.jdbc()
                        .sql("select count(*) from group_watch")
                        .query(Integer.class)
                        .single())
                .isZero();
    }

    private void lookAt(Instant time) {
        now = time;
        // The second look finds what the first has put off to now.
        watches.look();
        watches.look();
    }

    private void run(String group, String state, Instant at, @Nullable String rerunOf) {
        var ended = List.of("COMPLETED", "FAILED").contains(state) ? JdbcTimes.toJdbc(at) : null;
        database.jdbc()
                .sql("""
                        insert into run (run_id, group_key, group_version, ordering_key, trigger_id, trigger_body, state,
                                         inbox_place, rerun_of, version, created_at, ended_at)
                        values (:id, :group, 1, 'all', 'trigger', '{}', :state, 1, :rerun, 1, :at, :ended)
                        """)
                .param("id", Ids.next())
                .param("group", group)
                .param("state", state)
                .param("rerun", rerunOf, Types.VARCHAR)
                .param("at", JdbcTimes.toJdbc(at))
                .param("ended", ended, Types.TIMESTAMP_WITH_TIMEZONE)
                .update();
    }
}
