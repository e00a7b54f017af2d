package io.syncline.scheduler.run;

import static io.syncline.scheduler.testing.GroupFixture.aGroup;
import static io.syncline.scheduler.testing.SettableClock.NOON;
import static io.syncline.scheduler.testing.TaskFixture.aSyncTask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.syncline.scheduler.catalog.TaskGroup;
import io.syncline.scheduler.testing.FixedTaskGroups;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** When the queue is counted again, and when it is full; the rows themselves are the contract test's. */
class QueueLimitTest {

    private static final Duration COUNT_HOLDS = Duration.ofSeconds(1);

    private final Counted store = new Counted();
    private final QueueLimit limit = new QueueLimit(store);
    private final TaskGroup group =
            new FixedTaskGroups().put(aGroup("g").with(aSyncTask("a")).maxQueued(10));

    /** Says how many are queued, and how often it was asked. */
    private static final class Counted implements QueueLimit.Queued {
        private int queued;
        private int counts;

        @Override
        public int count(String group, int upTo) {
            counts++;
            return Math.min(queued, upTo);
        }
    }

    private void check(int more, Instant now) {
        limit.check(group, more, now);
    }

    @Test
    void theLastPlaceIsGivenAwayAndNoneBeyondIt() {
        store.queued = 7;

        assertThatCode(() -> check(3, NOON)).doesNotThrowAnyException();
        assertThatThrownBy(() -> check(4, NOON)).isInstanceOf(QueueFullException.class);
    }

    @Test
    void aQueueThatIsOverItsLimitStillTakesNothingAtAll() {
        store.queued = 10;

        assertThatCode(() -> check(0, NOON)).doesNotThrowAnyException();
        assertThatCode(() -> check(-1, NOON)).doesNotThrowAnyException();
        assertThat(store.counts).isZero();
    }

    @Test
    void farFromTheLimitOneCountHoldsForASecondAndNoLonger() {
        check(1, NOON);
        check(1, NOON.plus(COUNT_HOLDS).minusNanos(1));
        assertThat(store.counts).isEqualTo(1);

        check(1, NOON.plus(COUNT_HOLDS));
        assertThat(store.counts).isEqualTo(2);
    }

    @Test
    void aClockThatWentBackIsNoReasonToTrustAnOldCount() {
        check(1, NOON);
        check(1, NOON.minusNanos(1));

        assertThat(store.counts).isEqualTo(2);
    }

    @Test
    void whatWasLetInSinceTheCountIsAddedToIt() {
        check(4, NOON);
        check(4, NOON);
        assertThat(store.counts)
                .as("four fifths of the limit are still far from it")
                .isEqualTo(1);

        store.queued = 8;
        check(1, NOON);
        assertThat(store.counts).as("near the limit every start counts").isEqualTo(2);

        store.queued = 9;
        check(1, NOON);
        assertThat(store.counts).isEqualTo(3);
        store.queued = 10;
        assertThatThrownBy(() -> check(1, NOON)).isInstanceOf(QueueFullException.class);
    }

    @Test
    void eachGroupHasItsOwnCount() {
        var other =
                new FixedTaskGroups().put(aGroup("other").with(aSyncTask("a")).maxQueued(10));
        check(1, NOON);
        limit.check(other, 1, NOON);

        assertThat(store.counts).isEqualTo(2);
    }
}
