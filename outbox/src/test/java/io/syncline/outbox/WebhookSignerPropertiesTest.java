package io.syncline.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.outbox.WebhookSigner.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WebhookSignerPropertiesTest {

    private static final int CASES = 1_000 * Integer.getInteger("syncline.seeds", 1);
    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
    private static final String SECONDS = Long.toString(NOW.getEpochSecond());

    private static byte[] body(Random random) {
        var body = new byte[1 + random.nextInt(200)];
        random.nextBytes(body);
        return body;
    }

    @Test
    void whatEitherSecretOfARotationSignedIsGenuineForBothSides() {
        for (int seed = 0; seed < CASES; seed++) {
            var random = new Random(seed);
            var old = WebhookSigner.newSecret();
            var fresh = WebhookSigner.newSecret();
            var rotating = new WebhookSigner(List.of(fresh, old));
            var body = body(random);

            for (var secret : List.of(old, fresh)) {
                var one = new WebhookSigner(List.of(secret));
                assertThat(one.verify("id", SECONDS, rotating.sign("id", NOW, body), body, NOW))
                        .as("seed %d", seed)
                        .isEqualTo(Verdict.GENUINE);
                assertThat(rotating.verify("id", SECONDS, one.sign("id", NOW, body), body, NOW))
                        .as("seed %d", seed)
                        .isEqualTo(Verdict.GENUINE);
            }
        }
    }

    @Test
    void oneBitOfAnythingThatIsSignedMakesItForged() {
        var signer = new WebhookSigner(List.of(WebhookSigner.newSecret()));
        for (int seed = 0; seed < CASES; seed++) {
            var random = new Random(seed);
            var body = body(random);
            var signature = signer.sign("id-" + seed, NOW, body);
            var other = body.clone();
            other[random.nextInt(other.length)] ^= (byte) (1 << random.nextInt(8));

            assertThat(signer.verify("id-" + seed, SECONDS, signature, other, NOW))
                    .as("seed %d", seed)
                    .isEqualTo(Verdict.NO_MATCHING_SIGNATURE);
            assertThat(signer.verify("id-" + (seed + 1), SECONDS, signature, body, NOW))
                    .isEqualTo(Verdict.NO_MATCHING_SIGNATURE);
            assertThat(signer.verify("id-" + seed, "0" + SECONDS, signature, body, NOW))
                    .isEqualTo(Verdict.NO_MATCHING_SIGNATURE);
        }
    }

    @Test
    void anyHeadersAreRefusedAndNothingElse() {
        var signer = new WebhookSigner(List.of(WebhookSigner.newSecret()));
        for (int seed = 0; seed < CASES; seed++) {
            var random = new Random(seed);
            var text = new StringBuilder();
            for (int i = random.nextInt(40); i > 0; i--) {
                text.append("v1, aA0+/=-é\n".charAt(random.nextInt(13)));
            }
            assertThat(signer.verify("id", SECONDS, "v1," + text, body(random), NOW))
                    .as("seed %d", seed)
                    .isEqualTo(Verdict.NO_MATCHING_SIGNATURE);
            assertThat(signer.verify("id", text.toString(), text.toString(), body(random), NOW))
                    .as("seed %d", seed)
                    .isIn(Verdict.UNREADABLE_TIMESTAMP, Verdict.TIMESTAMP_OUT_OF_TOLERANCE);
        }
    }
}
