package io.syncline.outbox;

import static io.syncline.outbox.WebhookSigner.Verdict.GENUINE;
import static io.syncline.outbox.WebhookSigner.Verdict.NO_MATCHING_SIGNATURE;
import static io.syncline.outbox.WebhookSigner.Verdict.TIMESTAMP_OUT_OF_TOLERANCE;
import static io.syncline.outbox.WebhookSigner.Verdict.UNREADABLE_TIMESTAMP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class WebhookSignerTest {

    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static final Instant SENT = Instant.ofEpochSecond(1614265330);
    private static final byte[] BODY = "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8);

    private final WebhookSigner signer = new WebhookSigner(List.of(SECRET));

    @Test
    void signsAsTheExampleOfTheStandardSays() {
        var signature = signer.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", SENT, BODY);

        assertThat(signature).isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    @Test
    void takesWhatItSignedWithinTheTolerance() {
        var signature = signer.sign("id", SENT, BODY);

        assertThat(signer.verify("id", "1614265330", signature, BODY, SENT.plusSeconds(300)))
                .isEqualTo(GENUINE);
        assertThat(signer.verify("id", "1614265330", signature, BODY, SENT.plusSeconds(301)))
                .isEqualTo(TIMESTAMP_OUT_OF_TOLERANCE);
    }

    @Test
    void aTimestampAtTheEndOfAllNumbersIsOutOfTolerance() {
        for (var far : List.of(Long.MIN_VALUE, Long.MAX_VALUE, 0L, -1L)) {
            var timestamp = Long.toString(far);

            assertThat(signer.verify("id", timestamp, "v1,AAAA", BODY, SENT)).isEqualTo(TIMESTAMP_OUT_OF_TOLERANCE);
        }
    }

    @Test
    void looksAtTheFirstTenSignaturesAlone() {
        var signature = signer.sign("id", SENT, BODY);

        assertThat(signer.verify("id", "1614265330", "v1,AAAA ".repeat(9) + signature, BODY, SENT))
                .isEqualTo(GENUINE);
        assertThat(signer.verify("id", "1614265330", "v1,AAAA ".repeat(10) + signature, BODY, SENT))
                .isEqualTo(NO_MATCHING_SIGNATURE);
    }

    @Test
    void refusesAnotherBodyIdTimestampOrSecret() {
        var signature = signer.sign("id", SENT, BODY);
        var other = new WebhookSigner(List.of(WebhookSigner.newSecret()));

        assertThat(signer.verify("id", "1614265330", signature, new byte[] {1}, SENT))
                .isEqualTo(NO_MATCHING_SIGNATURE);
        assertThat(signer.verify("other", "1614265330", signature, BODY, SENT)).isEqualTo(NO_MATCHING_SIGNATURE);
        assertThat(signer.verify("id", "1614265331", signature, BODY, SENT)).isEqualTo(NO_MATCHING_SIGNATURE);
        assertThat(signer.verify("id", "yesterday", signature, BODY, SENT)).isEqualTo(UNREADABLE_TIMESTAMP);
        assertThat(signer.verify("id", "1614265330", "v1,!!", BODY, SENT)).isEqualTo(NO_MATCHING_SIGNATURE);
        assertThat(other.verify("id", "1614265330", signature, BODY, SENT)).isEqualTo(NO_MATCHING_SIGNATURE);
    }

    @Test
    void takesTheOldAndTheNewSecretDuringARotation() {
        var old = WebhookSigner.newSecret();
        var rotating = new WebhookSigner(List.of(WebhookSigner.newSecret(), old));
        var signature = rotating.sign("id", SENT, BODY);

        assertThat(new WebhookSigner(List.of(old)).verify("id", "1614265330", signature, BODY, SENT))
                .isEqualTo(GENUINE);
    }

    @Test
    void refusesAnUnusableSecretWithoutShowingIt() {
        assertThatThrownBy(() -> new WebhookSigner(List.of("whsec_c2hvcnQ=")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("c2hvcnQ");
        assertThatThrownBy(() -> new WebhookSigner(List.of("plain"))).isInstanceOf(IllegalArgumentException.class);
    }
}
