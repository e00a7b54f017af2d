package io.syncline.scheduler.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;

class LimitedBodyTest {

    private final AtomicLong nanos = new AtomicLong();

    @Test
    void aBodyThatDripsIsGivenUpAfterTwentySeconds() throws IOException {
        var body = body(100, "application/json");
        for (int i = 0; i < 20; i++) {
            assertThat(body.read()).isNotNegative();
            pass(Duration.ofSeconds(1));
        }
        pass(Duration.ofSeconds(1));

        assertThatThrownBy(body::read).isInstanceOf(BodyTooSlowException.class);
    }

    @Test
    void aBodyThatComesAtItsPaceMayTakeLonger() throws IOException {
        var body = body(LimitedBody.BATCH_LIMIT, "application/cloudevents-batch+json");
        for (int i = 0; i < 60; i++) {
            assertThat(body.readNBytes(LimitedBody.BYTES_A_SECOND)).hasSize(LimitedBody.BYTES_A_SECOND);
            pass(Duration.ofSeconds(1));
        }
    }

    @Test
    void whatIsBeyondTheLimitIsRefusedWithTheFirstRead() {
        assertThatThrownBy(() -> body(LimitedBody.LIMIT + 1, "application/json").read())
                .isInstanceOf(BodyTooLargeException.class);
    }

    @Test
    void aSlowBodyIsARequestTimeOutThatEndsTheConnection() {
        var problem = Problems.of(new IOException(new BodyTooSlowException()));

        assertThat(problem.status()).isEqualTo(408);
        assertThat(problem.headers()).containsEntry("Connection", "close");
    }

    private InputStream body(long length, String type) throws IOException {
        var request = new MockHttpServletRequest("POST", "/");
        request.setContentType(type);
        request.setContent(new byte[(int) length]);
        return new LimitedBody(request, nanos::get).getInputStream();
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }
}
