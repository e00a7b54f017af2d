package io.syncline.scheduler.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

class LabelCapTest {

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    LabelCapTest() {
        meters.config().meterFilter(new LabelCap(new CappedLabels()));
    }

    @Test
    void groupsBeyondTheFirstFiveHundredAreOther() {
        for (int i = 0; i < 600; i++) {
            meters.counter("syncline.runs", "group", "g" + i, "state", "COMPLETED")
                    .increment();
        }

        assertThat(meters.getMeters()).hasSize(501);
        assertThat(meters.get("syncline.runs").tag("group", "g499").counter().count())
                .isEqualTo(1);
        assertThat(meters.get("syncline.runs").tag("group", "other").counter().count())
                .isEqualTo(100);
    }

    @Test
    void theTasksOfOtherGroupsAreOtherAsWell() {
        for (int i = 0; i < 510; i++) {
            meters.counter("syncline.task.attempts", "group", "g" + i, "task", "t" + i, "outcome", "COMPLETED")
                    .increment();
        }

        assertThat(meters.get("syncline.task.attempts")
                        .tag("task", "t3")
                        .counter()
                        .count())
                .isEqualTo(1);
        assertThat(meters.get("syncline.task.attempts")
                        .tag("task", "other")
                        .counter()
                        .count())
                .isEqualTo(10);
    }

    @Test
    void sourcesAndSystemsAreCappedEachForItself() {
        for (int i = 0; i < 501; i++) {
            meters.counter("syncline.triggers.received", "source", "/s" + i).increment();
        }
        meters.counter("syncline.callbacks", "system", "crm").increment();

        assertThat(meters.get("syncline.triggers.received")
                        .tag("source", "other")
                        .counter()
                        .count())
                .isEqualTo(1);
        assertThat(meters.get("syncline.callbacks")
                        .tag("system", "crm")
                        .counter()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void metersOfOthersAreLeftAlone() {
        for (int i = 0; i < 600; i++) {
            meters.counter("http.requests", "group", "g" + i).increment();
        }

        assertThat(meters.getMeters()).hasSize(600);
    }
}
