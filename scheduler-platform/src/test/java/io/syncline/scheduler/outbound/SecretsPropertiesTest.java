package io.syncline.scheduler.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.scheduler.testing.Seeds;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is spared the patterns is nothing that they would have found. */
class SecretsPropertiesTest {

    private static final List<String> PARTS = List.of(
            "password",
            "Passwd",
            "PASSPHRASE",
            "pwd",
            "secret",
            "Token",
            "authorization",
            "Authorisation",
            "api-key",
            "API_KEY",
            "apikey",
            "access key",
            "private.key",
            "credential",
            "Cookie",
            "session id",
            "assertion",
            "signature",
            "bearer",
            "Basic",
            "dpop",
            "=",
            ":",
            " ",
            "\t",
            "\u000b",
            "\"",
            "'",
            "<",
            ">",
            "</",
            "&",
            ";",
            "eyJhbGciOiJFUzI1NiJ9",
            ".",
            "abcdefgh",
            "0123456789",
            "-",
            "_",
            "ſecret",
            "KEY",
            "realm=",
            "••••",
            "2026-11-20T06:00:00Z",
            "http://127.0.0.1:8080/sync",
            "\n",
            "ü",
            "😀",
            "p",
            "s",
            "t",
            "a",
            "c");

    private static String text(Random random) {
        var text = new StringBuilder();
        for (int parts = random.nextInt(9); parts >= 0; parts--) {
            var part = PARTS.get(random.nextInt(PARTS.size()));
            text.append(random.nextInt(8) == 0 ? part.substring(0, random.nextInt(part.length() + 1)) : part);
        }
        return text.toString();
    }

    @Test
    void whateverAPatternWouldFindIsGivenToIt() {
        int[] found = new int[5];
        Seeds.each(60_000, random -> {
            var text = text(random);
            if (Secrets.NAME.matcher(text).find()) {
                assertThat(Secrets.mayHoldName(text)).as(text).isTrue();
                found[0]++;
            }
            if (Secrets.JWT.matcher(text).find()) {
                assertThat(Secrets.mayHoldJwt(text)).as(text).isTrue();
                found[1]++;
            }
            if (Secrets.SCHEME.matcher(text).find()) {
                assertThat(Secrets.mayHoldScheme(text)).as(text).isTrue();
                found[2]++;
            }
            if (Secrets.ASSIGNED.matcher(text).find()) {
                assertThat(Secrets.mayHoldAssignment(text)).as(text).isTrue();
                found[3]++;
            }
            if (Secrets.ELEMENT.matcher(text).find()) {
                assertThat(Secrets.mayHoldElement(text)).as(text).isTrue();
                found[4]++;
            }
        });
        if (Long.getLong("syncline.seed") == null) {
            assertThat(found)
                    .as("texts that each pattern has found something in")
                    .doesNotContain(0);
        }
    }

    @Test
    void mostOfWhatACallHoldsIsSparedThePatterns() {
        for (String text : List.of(
                "01a2012e-9f5f-7000-96cf-fc3c436a0016",
                "2026-11-20T06:00:00Z",
                "http://127.0.0.1:8080/api/v1/task-runs/01a2012e-9f5f-7000-96cf-fc3c436a0016/callbacks",
                "subscriber-daily")) {
            assertThat(Secrets.mayHoldJwt(text)
                            || Secrets.mayHoldScheme(text)
                            || Secrets.mayHoldElement(text)
                            || Secrets.mayHoldAssignment(text))
                    .as(text)
                    .isFalse();
        }
    }
}
