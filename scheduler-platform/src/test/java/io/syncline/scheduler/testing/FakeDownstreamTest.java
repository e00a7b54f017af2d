package io.syncline.scheduler.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.syncline.scheduler.testing.FakeDownstream.Script;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

class FakeDownstreamTest {

    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    void answersFromTheScriptFirstAndThenByTheStandingAnswer() throws Exception {
        try (var downstream = FakeDownstream.start()) {
            downstream.answers(Script.status(503).with("Retry-After", "7"), Script.json(200, "{\"ok\":true}"));

            var first = post(downstream);
            var second = post(downstream);
            var third = post(downstream);

            assertThat(first.statusCode()).isEqualTo(503);
            assertThat(first.headers().firstValue("retry-after")).contains("7");
            assertThat(second.body()).isEqualTo("{\"ok\":true}");
            assertThat(third.statusCode()).isEqualTo(202);
            assertThat(downstream.received()).hasSize(3).allSatisfy(request -> {
                assertThat(request.path()).isEqualTo("/sync");
                assertThat(request.text()).isEqualTo("hello");
            });
            assertThat(downstream.inFlight()).isZero();
        }
    }

    @Test
    void aCutAnswerAndAResetAreSeenAsFailuresByTheCaller() {
        try (var downstream = FakeDownstream.start()) {
            downstream.answers(Script.json(200, "0123456789").cutAfter(4), Script.reset());

            assertThatThrownBy(() -> post(downstream)).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> post(downstream)).isInstanceOf(IOException.class);
        }
    }

    private HttpResponse<String> post(FakeDownstream downstream) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(downstream.url().resolve("/sync"))
                        .version(HttpClient.Version.HTTP_1_1)
                        .POST(HttpRequest.BodyPublishers.ofString("hello"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
