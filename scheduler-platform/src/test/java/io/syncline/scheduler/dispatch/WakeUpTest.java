package io.syncline.scheduler.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WakeUpTest {

    private static final Duration LONG = Duration.ofMinutes(1);

    @Test
    void theFirstLookIsAPoll() throws InterruptedException {
        assertThat(new WakeUp(LONG).await(LONG)).isEqualTo(new WakeUp.Call(Set.of(), true));
    }

    @Test
    void manyWakeUpsBecomeOne() throws InterruptedException {
        var wakeUp = new WakeUp(LONG);
        wakeUp.await(LONG);
        wakeUp.now(Set.of("a"));
        wakeUp.now(Set.of("b", "a"));

        assertThat(wakeUp.await(LONG)).isEqualTo(new WakeUp.Call(Set.of("a", "b"), false));
        assertThat(wakeUp.await(Duration.ofMillis(1))).isEqualTo(new WakeUp.Call(Set.of(), false));
    }

    @Test
    void aWakeUpEndsTheWait() throws Exception {
        var wakeUp = new WakeUp(LONG);
        wakeUp.await(LONG);
        var waiting = CompletableFuture.supplyAsync(() -> {
            try {
                return wakeUp.await(LONG);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });

        wakeUp.now(Set.of("a"));

        assertThat(waiting.get(10, TimeUnit.SECONDS).systems()).containsExactly("a");
    }

    @Test
    void aPollComesAlsoWhenWakeUpsNeverStop() throws InterruptedException {
        var wakeUp = new WakeUp(Duration.ofMillis(30));
        wakeUp.await(LONG);
        var polls = 0;
        long end = System.nanoTime() + Duration.ofSeconds(5).toNanos();
        while (polls < 3 && System.nanoTime() < end) {
            wakeUp.now(Set.of("a"));
            polls += wakeUp.await(LONG).poll() ? 1 : 0;
        }

        assertThat(polls).isEqualTo(3);
    }

    @Test
    void aPollThatIsWantedSoonerComesSoonerAndNeverLater() throws InterruptedException {
        var wakeUp = new WakeUp(LONG);
        wakeUp.await(LONG);

        wakeUp.pollWithin(Duration.ofMillis(20));
        wakeUp.pollWithin(Duration.ofMinutes(2));

        assertThat(wakeUp.await(LONG)).isEqualTo(new WakeUp.Call(Set.of(), true));
        assertThat(wakeUp.await(Duration.ofMillis(1)).poll()).isFalse();
    }

    @Test
    void workThatIsDueShortlyWakesWhenItIsDueAndNotBefore() throws InterruptedException {
        var wakeUp = new WakeUp(LONG);
        wakeUp.await(LONG);
        long start = System.nanoTime();
        wakeUp.after(Map.of("soon", Duration.ofMillis(40), "later", Duration.ofMinutes(2)));

        var woken = wakeUp.await(LONG);

        assertThat(woken).isEqualTo(new WakeUp.Call(Set.of("soon"), false));
        assertThat(System.nanoTime() - start)
                .isGreaterThanOrEqualTo(Duration.ofMillis(40).toNanos());
        assertThat(wakeUp.await(Duration.ofMillis(1)).systems()).isEmpty();
    }

    @Test
    void theEarliestOfSeveralDueTimesCountsAndWorkThatIsDueNowWakesAtOnce() throws InterruptedException {
        var wakeUp = new WakeUp(LONG);
        wakeUp.await(LONG);
        wakeUp.after(Map.of("a", Duration.ofMinutes(2)));
        wakeUp.after(Map.of("a", Duration.ofMillis(20)));
        wakeUp.after(Map.of("a", Duration.ofMinutes(1), "b", Duration.ZERO));

        assertThat(wakeUp.await(LONG).systems()).containsExactly("b");
        assertThat(wakeUp.await(LONG).systems()).containsExactly("a");
    }
}
