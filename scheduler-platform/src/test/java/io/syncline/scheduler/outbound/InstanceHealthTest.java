package io.syncline.scheduler.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class InstanceHealthTest {

    private final InstanceHealth health = new InstanceHealth();

    @Test
    void isLeftOutForTenSecondsDoublingToTwoMinutesAndBackAtOnceOnSuccess() {
        long at = 0;
        for (int seconds : new int[] {10, 20, 40, 80, 120, 120}) {
            health.unreachable(at);
            // those that were under way when it was left out change nothing
            health.unreachable(at + 1);
            assertThat(health.isLeftOut(at + seconds(seconds) - 1)).isTrue();
            assertThat(health.isLeftOut(at + seconds(seconds))).isFalse();
            at += seconds(seconds);
        }

        health.unreachable(at);
        health.succeeded();

        assertThat(health.isLeftOut(at)).isFalse();
        health.unreachable(at);
        assertThat(health.isLeftOut(at + seconds(10))).isFalse();
    }

    @Test
    void tellsHowItStandsFromTheFirstCallOn() {
        assertThat(health.state(0)).isNull();
        health.succeeded();
        assertThat(health.state(0)).isEqualTo(InstanceStates.State.CLOSED);
        health.unreachable(0);
        assertThat(health.state(0)).isEqualTo(InstanceStates.State.LEFT_OUT);
        for (int i = 0; i < 10; i++) {
            health.failed(0);
        }
        assertThat(health.state(0)).isEqualTo(InstanceStates.State.OPEN);
    }

    @Test
    void opensAfterTenFailuresInARowAndNotAfterNine() {
        for (int i = 0; i < 9; i++) {
            health.failed(0);
        }
        assertThat(health.isOpen()).isFalse();

        health.failed(0);

        assertThat(health.isOpen()).isTrue();
        assertThat(health.isDueForTrial(seconds(2) - 1)).isFalse();
        assertThat(health.isDueForTrial(seconds(2))).isTrue();
    }

    @Test
    void opensWhenHalfOfTheLastCallsFailed() {
        for (int i = 0; i < 9; i++) {
            health.succeeded();
            health.failed(0);
        }
        assertThat(health.isOpen()).isFalse();

        health.succeeded();
        health.failed(0);

        assertThat(health.isOpen()).isTrue();
    }

    @Test
    void aFailedTrialWaitsTwiceAsLongAndASuccessfulOneClosesIt() {
        for (int i = 0; i < 10; i++) {
            health.failed(0);
        }
        long at = 0;
        for (int open : new int[] {2, 4, 8, 16, 30, 30}) {
            assertThat(health.isDueForTrial(at + seconds(open) - 1)).isFalse();
            at += seconds(open);
            assertThat(health.isDueForTrial(at)).isTrue();
            health.failed(at);
        }

        health.succeeded();

        assertThat(health.isOpen()).isFalse();
        health.failed(at);
        assertThat(health.isOpen()).isFalse();
    }

    @Test
    void onlyTheLastFortyCallsAreLookedAt() {
        for (int i = 0; i < InstanceHealth.FEWEST_CALLS - 1; i++) {
            // nine in a row at most, so that the share alone could open it
            if (i % 9 == 8) {
                health.succeeded();
            } else {
                health.failed(0);
            }
        }
        assertThat(health.isOpen()).as("too few calls to judge by their share").isFalse();
        for (int i = 0; i < InstanceHealth.WINDOW; i++) {
            health.succeeded();
        }
        for (int i = 0; i < 9; i++) {
            health.failed(0);
            health.failed(0);
            health.succeeded();
        }

        assertThat(health.isOpen()).as("18 of the last 40 failed").isFalse();
        health.failed(0);
        health.failed(0);
        assertThat(health.isOpen()).as("20 of the last 40 failed").isTrue();
    }

    @Test
    void afterItsBreakerClosedTheCallsBeforeAreForgotten() {
        for (int i = 0; i < 30; i++) {
            health.failed(0);
        }
        health.succeeded();
        health.failed(0);

        assertThat(health.isOpen()).as("two calls since, too few to judge").isFalse();
    }

    @Test
    void neverOpensForGood() {
        for (int i = 0; i < 1_000; i++) {
            health.unreachable(seconds(i));
        }

        assertThat(health.isDueForTrial(seconds(1_000) + InstanceHealth.OPEN_AT_MOST.toNanos()))
                .isTrue();
        assertThat(health.isLeftOut(seconds(1_000) + InstanceHealth.LEFT_OUT_AT_MOST.toNanos()))
                .isFalse();
    }

    private static long seconds(long seconds) {
        return Duration.ofSeconds(seconds).toNanos();
    }
}
