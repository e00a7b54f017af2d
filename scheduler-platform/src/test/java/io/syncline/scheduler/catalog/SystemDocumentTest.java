package io.syncline.scheduler.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SystemDocumentTest {

    private static final String FULL = """
            apiVersion: syncline/v1
            kind: System
            key: data-consumer
            owner: data-platform
            labels: [billing]
            instances: [https://consumer-1.example.com:8443, https://consumer-2.example.com:8443/base/]
            routing: LEAST_BUSY
            auth: {type: none}
            limits: {concurrency: 8, ratePerSecond: 200}
            sources: [/billing]
            credentials: {}
            """;

    @Test
    void readsAllThatTheContractShows() {
        SyncSystem system = read("data-consumer", FULL);

        assertThat(system.instances())
                .containsExactly(
                        URI.create("https://consumer-1.example.com:8443"),
                        URI.create("https://consumer-2.example.com:8443/base"));
        assertThat(system.routing()).isEqualTo(Routing.LEAST_BUSY);
        assertThat(system.auth()).isEqualTo(Auth.NONE);
        assertThat(system.concurrency()).isEqualTo(8);
        assertThat(system.ratePerSecond()).isEqualTo(200);
        assertThat(system.sources()).containsExactly("/billing");
    }

    @Test
    void theDefaultsAreThese() {
        SyncSystem system = read("small", "{apiVersion: syncline/v1, kind: System, key: small}");

        assertThat(system.instances()).isEmpty();
        assertThat(system.routing()).isEqualTo(Routing.ROUND_ROBIN);
        assertThat(system.auth()).isEqualTo(Auth.PLATFORM_JWT);
        assertThat(system.concurrency()).isEqualTo(32);
        assertThat(system.ratePerSecond()).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(system.sources()).isEmpty();
    }

    @ParameterizedTest(name = "{1}: {2} at {3}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "kind: System          | kind: TaskGroup                            | invalid-value            | /kind",
                "https://consumer-1.example.com:8443 | ftp://consumer-1.example.com  | invalid-value            | /instances/0",
                "https://consumer-1.example.com:8443 | https://u:p@consumer-1.example.com | invalid-value       | /instances/0",
                "https://consumer-1.example.com:8443 | https://consumer-1.example.com?a=b | invalid-value       | /instances/0",
                "https://consumer-1.example.com:8443 | https://consumer-1.example.com:99999 | invalid-value     | /instances/0",
                "https://consumer-1.example.com:8443 | consumer-1.example.com        | invalid-value            | /instances/0",
                "https://consumer-1.example.com:8443 | https://CONSUMER-2.example.com:8443/base | duplicate     | /instances/1",
                "https://consumer-1.example.com:8443 | https://foreign.example.com:8443 | destination-not-approved | /instances/0",
                "routing: LEAST_BUSY   | routing: RANDOM                            | invalid-value            | /routing",
                "auth: {type: none}    | auth: {type: basic, credential: c}         | unknown-credential       | /auth/credential",
                "auth: {type: none}    | auth: {type: platform-jwt, claims: {scope: all}} | invalid-value      | /auth/claims/scope",
                "concurrency: 8        | concurrency: 0                             | out-of-range             | /limits/concurrency",
                "ratePerSecond: 200    | ratePerSecond: 0                           | out-of-range             | /limits/ratePerSecond",
                "ratePerSecond: 200    | ratePerSecond: many                        | wrong-type               | /limits/ratePerSecond",
                "ratePerSecond: 200    | rate: 200                                  | unknown-member           | /limits/rate",
                "sources: [/billing]   | sources: [/billing, /billing]              | duplicate                | /sources/1",
                "credentials: {}       | credentials: {c: {type: magic}}            | invalid-value            | /credentials/c/type",
                "credentials: {}       | credentials: {c: {}}                       | required                 | /credentials/c/type",
                "credentials: {}       | credentials: {c: x}                        | wrong-type               | /credentials/c",
                "credentials: {}       | credentials: {C_: {type: basic, username: u, password: p}} | invalid-value | /credentials/C_",
                "credentials: {}       | credentials: {c: {type: basic, username: u}} | required               | /credentials/c/password",
                "credentials: {}       | credentials: {c: {type: basic, username: 'u:v', password: p}} | invalid-value | /credentials/c/username",
                "credentials: {}       | credentials: {c: {type: basic, username: u, password: p, apiKey: k}} | unknown-member | /credentials/c/apiKey",
                "credentials: {}       | credentials: {c: {type: api-key, apiKey: k}} | required               | /credentials/c/header",
                "credentials: {}       | credentials: {c: {type: api-key, header: X-Key, query: k, apiKey: k}} | required | /credentials/c/header",
                "credentials: {}       | credentials: {c: {type: api-key, header: Host, apiKey: k}} | invalid-value | /credentials/c/header",
                "credentials: {}       | credentials: {c: {type: api-key, header: X-Key}} | required           | /credentials/c/apiKey",
                "credentials: {}       | credentials: {c: {type: oauth2-client-credentials, tokenUrl: 'https://consumer-9/t', clientId: c}} | required | /credentials/c/clientSecret",
                "credentials: {}       | credentials: {c: {type: oauth2-client-credentials, tokenUrl: 'https://evil.example.com/t', clientId: c, clientSecret: s}} | destination-not-approved | /credentials/c/tokenUrl",
                "credentials: {}       | credentials: {c: {type: oauth2-client-credentials, tokenUrl: 'https://u:p@consumer-9/t', clientId: c, clientSecret: s}} | invalid-value | /credentials/c/tokenUrl",
                "credentials: {}       | credentials: {c: {type: oauth2-client-credentials, tokenUrl: 'https://consumer-9/t', clientId: c, privateKey: s}} | invalid-value | /credentials/c/privateKey",
                "credentials: {}       | credentials: {c: {type: oauth2-client-credentials, tokenUrl: 'https://consumer-9/t', clientId: c, clientSecret: s, kid: k}} | invalid-value | /credentials/c/kid",
                "owner: data-platform  | verify: yes                                | unknown-member           | /verify",
            })
    void oneWrongMemberIsToldAtItsPlace(String right, String wrong, String code, String pointer) {
        assertThat(FULL).contains(right);

        InvalidDocumentException refused = catchThrowableOfType(
                InvalidDocumentException.class, () -> read("data-consumer", FULL.replace(right, wrong)));

        assertThat(refused.errors()).singleElement().satisfies(error -> {
            assertThat(error.pointer()).isEqualTo(pointer);
            assertThat(error.code()).isEqualTo(code);
        });
    }

    @Test
    void thePlatformsOwnAudienceIsReserved() {
        InvalidDocumentException refused = catchThrowableOfType(
                InvalidDocumentException.class,
                () -> read("syncline", "{apiVersion: syncline/v1, kind: System, key: syncline}"));

        assertThat(refused.errors()).extracting(DocumentError::pointer).containsExactly("/key");
    }

    private static SyncSystem read(String key, String yaml) {
        return SystemDocument.read(
                Documents.yaml(yaml.getBytes(StandardCharsets.UTF_8)), key, 1, new OnlyConsumersApproved());
    }

    private static final class OnlyConsumersApproved implements Surroundings {
        @Override
        public Optional<SyncSystem> system(String key) {
            return Optional.empty();
        }

        @Override
        public List<Instant> fireTimes(Schedule schedule, @Nullable BusinessCalendar calendar) {
            return List.of();
        }

        @Override
        public boolean approved(URI instance) {
            return instance.getHost().startsWith("consumer-");
        }
    }
}
