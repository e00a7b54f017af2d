package io.syncline.client.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jsonwebtoken.security.Jwks;
import io.jsonwebtoken.security.PublicJwk;
import io.syncline.outbox.WebhookSigner;
import io.syncline.outbox.WebhookSigner.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The values that the page for teams without Spring gives to try one's code on. */
class WorkedExamplesTest {

    private static final Path PAGE = Path.of("../../docs/plain-http.md");
    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");

    @Test
    void theTokenIsGoodForItsFiveMinutesAndItsSystem() throws Exception {
        var token = block("example: token").replace("\n", "");

        assertThat(verifier(NOON).verify(token, Set.of("plans")).subject()).isEqualTo("syncline");
        assertThat(verifier(NOON.plusSeconds(299))
                        .verify(token, Set.of("plans"))
                        .subject())
                .isEqualTo("syncline");
        assertThatThrownBy(() -> verifier(NOON.plusSeconds(331)).verify(token, Set.of("plans")))
                .isInstanceOf(BadTokenException.class);
        assertThatThrownBy(() -> verifier(NOON).verify(token, Set.of("billing")))
                .isInstanceOf(BadTokenException.class);
    }

    @Test
    void theWebhookIsGenuine() throws IOException {
        var example = block("example: webhook");
        var signer = new WebhookSigner(List.of(value(example, "secret")));
        var body = value(example, "body").getBytes(StandardCharsets.UTF_8);

        assertThat(signer.sign(value(example, "webhook-id"), NOON, body))
                .isEqualTo(value(example, "webhook-signature"));
        assertThat(signer.verify(
                        value(example, "webhook-id"),
                        value(example, "webhook-timestamp"),
                        value(example, "webhook-signature"),
                        body,
                        NOON))
                .isEqualTo(Verdict.GENUINE);
    }

    private static TokenVerifier verifier(Instant now) throws IOException {
        var keys = Jwks.setParser().build().parse(block("example: jwks"));
        return new TokenVerifier(
                kid -> keys.getKeys().stream()
                        .filter(key -> kid.equals(key.getId()))
                        .map(key -> new VerificationKey(((PublicJwk<?>) key).toKey(), key.getAlgorithm()))
                        .findFirst()
                        .or(Optional::empty),
                "https://syncline.example.com",
                Clock.fixed(now, ZoneOffset.UTC),
                new VerifiedTokens(0));
    }

    private static String value(String example, String name) {
        var line = Pattern.compile("^" + name + " +(.*)$", Pattern.MULTILINE).matcher(example);
        assertThat(line.find()).as(name).isTrue();
        return line.group(1);
    }

    private static String block(String mark) throws IOException {
        var block = Pattern.compile("<!-- " + mark + " -->\n```\\w+\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(PAGE));
        assertThat(block.find()).as(mark).isTrue();
        return block.group(1);
    }
}
