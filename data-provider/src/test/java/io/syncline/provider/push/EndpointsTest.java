package io.syncline.provider.push;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EndpointsTest {

    private static PushProperties properties(Duration timeout, String... networks) {
        return new PushProperties(
                true,
                true,
                List.of(networks),
                null,
                List.of(Duration.ofSeconds(5)),
                timeout,
                Duration.ofHours(24),
                Duration.ofDays(5),
                Duration.ofMillis(500),
                200,
                1);
    }

    private static Endpoints.Answer post(PushProperties properties, String url) throws Exception {
        var endpoints = new Endpoints(new EndpointGuard(properties), properties);
        try {
            return endpoints.post(URI.create(url), Map.of("Content-Type", "text/plain"), new byte[] {'x'});
        } finally {
            endpoints.destroy();
        }
    }

    @Test
    void anEndpointWhoseNameLeadsInsideIsNotCalled() throws Exception {
        try (var endpoint = new FakeEndpoint()) {
            var inside = endpoint.url().replace("127.0.0.1", "localhost");

            var refused = post(properties(Duration.ofSeconds(10)), inside);
            assertThat(refused.status()).isZero();
            assertThat(refused.said()).contains("may not be called");
            assertThat(endpoint.calls()).isEmpty();

            assertThat(post(properties(Duration.ofSeconds(10), "127.0.0.0/8", "::1/128"), inside)
                            .status())
                    .isEqualTo(204);
        }
    }

    @Test
    void anEndpointThatNeverAnswersIsLeftAtTheTimeOut() throws Exception {
        try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var answer = post(
                    properties(Duration.ofMillis(200), "127.0.0.0/8"), "http://127.0.0.1:" + silent.getLocalPort());

            assertThat(answer.status()).isZero();
        }
    }

    @Test
    void aRedirectIsAnAnswerAndNotFollowed() throws Exception {
        try (var endpoint = new FakeEndpoint()) {
            endpoint.answer(call -> 307);
            endpoint.redirectTo(endpoint.url() + "/elsewhere");

            assertThat(post(properties(Duration.ofSeconds(10), "127.0.0.0/8"), endpoint.url())
                            .status())
                    .isEqualTo(307);
            assertThat(endpoint.calls()).hasSize(1);
        }
    }
}
