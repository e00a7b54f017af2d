package io.syncline.scheduler.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TokenBucketTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final TokenBucket bucket = new TokenBucket(0);

    @Test
    void aRateAllowsATenthOfASecondsWorthAtOnce() {
        assertThat(bucket.available(100, SECOND)).isEqualTo(10);
        bucket.take(10);
        assertThat(bucket.available(100, SECOND)).isZero();
        assertThat(bucket.available(100, SECOND + SECOND / 20)).isEqualTo(5);
    }

    @Test
    void whatIsGivenBackCanBeTakenAgain() {
        assertThat(bucket.available(100, SECOND)).isEqualTo(10);
        bucket.take(10);
        bucket.giveBack(4);

        assertThat(bucket.available(100, SECOND)).isEqualTo(4);
    }

    @Test
    void callsMadeWithoutARateAreNoDebtOnceThereIsOne() {
        for (int i = 0; i < 1000; i++) {
            assertThat(bucket.available(Double.POSITIVE_INFINITY, i)).isEqualTo(Integer.MAX_VALUE);
            bucket.take(500);
        }

        bucket.available(100, SECOND);

        assertThat(bucket.available(100, 2 * SECOND)).isEqualTo(10);
    }

    @Test
    void slotsGivenBackWithoutARateAreNoCreditOnceThereIsOne() {
        bucket.available(Double.POSITIVE_INFINITY, 0);
        bucket.take(500);
        bucket.giveBack(500);

        assertThat(bucket.available(10, 0)).isLessThanOrEqualTo(1);
    }
}
