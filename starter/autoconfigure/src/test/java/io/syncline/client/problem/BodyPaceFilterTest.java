package io.syncline.client.problem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.web.ErrorResponseException;

class BodyPaceFilterTest {

    private final AtomicLong nanos = new AtomicLong();

    @Test
    void aBodyThatDripsIsRefusedAsARequestTimeOut() {
        assertThatThrownBy(() -> through(bytes -> {
                    for (int i = 0; i < 30; i++) {
                        bytes.read();
                        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
                    }
                }))
                .isInstanceOfSatisfying(
                        ErrorResponseException.class,
                        slow -> assertThat(slow.getStatusCode().value()).isEqualTo(408));
    }

    @Test
    void aLargeBodyAtItsPaceMayTakeItsTime() throws Exception {
        through(bytes -> {
            for (int i = 0; i < 60; i++) {
                assertThat(bytes.readNBytes(BodyPaceFilter.BYTES_A_SECOND)).hasSize(BodyPaceFilter.BYTES_A_SECOND);
                nanos.addAndGet(Duration.ofSeconds(1).toNanos());
            }
        });
    }

    private interface Reading {
        void of(java.io.InputStream bytes) throws IOException;
    }

    private void through(Reading reading) throws ServletException, IOException {
        var request = new MockHttpServletRequest("POST", "/");
        request.setContent(new byte[1024 * 1024]);
        FilterChain chain = (paced, response) -> reading.of(paced.getInputStream());
        new BodyPaceFilter(nanos::get).doFilter(request, new MockHttpServletResponse(), chain);
    }
}
