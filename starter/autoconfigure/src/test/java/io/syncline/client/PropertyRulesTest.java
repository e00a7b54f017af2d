package io.syncline.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** A value that makes no sense is refused when it is read, with what to do; each of these would else show at the first call, or never. */
class PropertyRulesTest {

    private static final Map<String, String> RECORDS = Map.of(
            "syncline.client", "io.syncline.client.ClientProperties",
            "syncline.client.store", "io.syncline.client.store.StoreProperties",
            "syncline.client.sync", "io.syncline.client.sync.SyncProperties",
            "syncline.client.webhook", "io.syncline.client.webhook.WebhookProperties");

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            syncline.client         | platform-url=syncline.example.com                   | platform-url is no http or https URL with a host and without a user
            syncline.client         | platform-url=https://me:secret@syncline.example.com | platform-url is no http or https URL with a host and without a user
            syncline.client         | platform-url=https://syncline.example.com/?a=b      | without query or fragment
            syncline.client         | jwks-url=/jwks.json                                 | jwks-url is no http or https URL
            syncline.client         | system=Plans Service                                | system is Plans Service, but must be
            syncline.client         | system=syncline                                     | not syncline
            syncline.client         | client-id=${NO_SUCH_VARIABLE}                       | client-id names a variable that is not set
            syncline.client         | client-secret=${NO_SUCH_VARIABLE}                   | client-secret names a variable that is not set
            syncline.client         | issuer=${NO_SUCH_VARIABLE}                          | issuer names a variable that is not set
            syncline.client         | connect-timeout=-1s                                 | connect-timeout is PT-1S
            syncline.client         | read-timeout=0s                                     | read-timeout is PT0S
            syncline.client         | verified-tokens=-1                                  | verified-tokens is -1, but must be 0 to 10000
            syncline.client         | api-paths[0].pattern=/plans/**                      | The route /plans/** of syncline.client.api-paths has no scope
            syncline.client         | api-paths[0].scope=data:read                        | api-paths[].pattern is empty
            syncline.client.store   | poll=2s                                             | poll is PT2S
            syncline.client.store   | poll=0s                                             | poll is PT0S
            syncline.client.store   | lease=20                                            | lease is PT0.02S, but must be longer than poll
            syncline.client.store   | concurrency=0                                       | concurrency is 0
            syncline.client.store   | keep-dead=-1d                                       | A duration of syncline.client.store is negative
            syncline.client.sync    | workers=0                                           | workers is 0, but must be at least 1
            syncline.client.sync    | queue=-1                                            | queue is -1, but must be at least 0
            syncline.client.sync    | lease=15                                            | lease is PT0.015S, but must be at least 1s
            syncline.client.sync    | progress-interval=-1s                               | progress-interval is PT-1S
            syncline.client.sync    | max-starts=0                                        | max-starts is 0
            syncline.client.sync    | refused-callbacks=0                                 | refused-callbacks is 0
            syncline.client.webhook | paths=/hooks/**                                     | there is no secret to check their signatures with
            syncline.client.webhook | secrets=not-a-secret                                | A secret of syncline.client.webhook.secrets cannot be used
            syncline.client.webhook | tolerance=0s                                        | tolerance is PT0S
            syncline.client.webhook | remember=1s                                         | remember is PT1S, but must be at least the tolerance
            """)
    void refused(String prefix, String property, String problem) throws ClassNotFoundException {
        var at = property.indexOf('=');
        var properties = new MapConfigurationPropertySource(
                Map.of(prefix + "." + property.substring(0, at), property.substring(at + 1)));
        var bindable = Bindable.of(Class.forName(RECORDS.get(prefix)));

        var failure = catchThrowable(() -> new Binder(properties).bind(prefix, bindable));

        var analysis = new StartRefusedFailureAnalyzer().analyze(failure);
        assertThat(analysis).isNotNull();
        assertThat(analysis.getDescription()).contains(problem).doesNotContain("me:secret", "not-a-secret");
        assertThat(analysis.getAction()).isNotBlank();
    }
}
