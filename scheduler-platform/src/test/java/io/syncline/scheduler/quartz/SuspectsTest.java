package io.syncline.scheduler.quartz;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class SuspectsTest {

    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
    private static final StuckTrigger BLOCKED = new StuckTrigger("sweep", "ticks", "BLOCKED", 1000);

    private final Suspects suspects = new Suspects();

    @Test
    void aTriggerIsConvictedAfterAMinuteInTheSameState() {
        assertThat(suspects.convicted(List.of(BLOCKED), NOON)).isEmpty();
        assertThat(suspects.convicted(List.of(BLOCKED), NOON.plusSeconds(59))).isEmpty();
        assertThat(suspects.convicted(List.of(BLOCKED), NOON.plusSeconds(60))).containsExactly(BLOCKED);
    }

    @Test
    void aTriggerThatMovedOnIsForgotten() {
        suspects.convicted(List.of(BLOCKED), NOON);
        suspects.convicted(List.of(), NOON.plusSeconds(30));

        assertThat(suspects.convicted(List.of(BLOCKED), NOON.plusSeconds(60))).isEmpty();
    }

    @Test
    void aTriggerThatFiredMeanwhileIsAnotherSuspect() {
        var firedSince = new StuckTrigger("sweep", "ticks", "BLOCKED", 6000);
        suspects.convicted(List.of(BLOCKED), NOON);

        assertThat(suspects.convicted(List.of(firedSince), NOON.plusSeconds(60)))
                .isEmpty();
    }
}
