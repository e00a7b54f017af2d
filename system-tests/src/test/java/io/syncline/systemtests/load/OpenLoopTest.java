package io.syncline.systemtests.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class OpenLoopTest {

    @Test
    void everyRequestIsSentAndTimed() {
        try (var sink = new Sink()) {
            var result =
                    new OpenLoop(sink.origin(), "Accept: */*\r\n", 4).run(400, Duration.ofMillis(500), n -> "/" + n);

            assertThat(result.nanos()).hasSize(200).isSorted();
            assertThat(result.failed()).isZero();
            assertThat(sink.calls()).isEqualTo(200);
            assertThat(result.millis(0.5))
                    .isLessThanOrEqualTo(result.millis(0.99))
                    .isPositive();
        }
    }
}
