package io.syncline.scheduler.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class EstimatedTimeTest {

    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    private final EstimatedTime time = new EstimatedTime();

    private static long millis(long millis) {
        return Duration.ofMillis(millis).toNanos();
    }

    @Test
    void beforeTheFirstAnswerThereIsNoTime() {
        assertThatThrownBy(() -> time.at(0)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void theFirstAnswerWasMadeInTheMiddleOfItsWay() {
        time.sampled(NOON, millis(10), millis(14));

        assertThat(time.at(millis(14))).isEqualTo(NOON.plusMillis(2));
        assertThat(time.at(millis(1014))).isEqualTo(NOON.plusMillis(1002));
    }

    @Test
    void anAnswerThatIsReadLateDoesNotSetTheTimeBack() {
        time.sampled(NOON, 0, millis(2));

        time.sampled(NOON.plusMillis(3001), millis(3000), millis(4800));

        assertThat(time.at(millis(4800))).isEqualTo(NOON.plusMillis(4799));
    }

    @Test
    void aQuickAnswerCorrectsWhatAnEarlierOneLeftOpen() {
        time.sampled(NOON, 0, millis(1000));

        time.sampled(NOON.plusMillis(3000), millis(3000), millis(3002));

        assertThat(time.at(millis(3002))).isBetween(NOON.plusMillis(3000), NOON.plusMillis(3002));
    }

    @Test
    void aDatabaseWhoseClockIsAnotherIsFollowedBothWays() {
        time.sampled(NOON, 0, millis(2));

        time.sampled(NOON.plusSeconds(60), millis(3000), millis(3002));
        assertThat(time.at(millis(3002))).isEqualTo(NOON.plusSeconds(60));

        time.sampled(NOON.minusSeconds(60), millis(6000), millis(6002));
        assertThat(time.at(millis(6002))).isEqualTo(NOON.minusSeconds(60).plusMillis(2));
    }
}
