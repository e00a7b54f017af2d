package io.syncline.scheduler.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TaskGroupDocumentTest {

    private static final String FULL = """
            apiVersion: syncline/v1
            kind: TaskGroup
            key: subscriber-daily
            description: Subscribers and their plans, once the billing extract is ready
            owner: data-platform
            labels: [billing]
            triggers:
              - {source: /billing, type: com.example.billing.extract.ready, businessKey: "{data.day}"}
            schedule: {cron: "0 30 2 * * ?", zone: Europe/Berlin, misfire: FIRE_ONCE}
            expectBy: {time: "03:30", zone: Europe/Berlin}
            startBy: PT10M
            freshness: PT26H
            whenActive: QUEUE
            defaults: {interval: PT0.5S, callTimeout: PT10S, answerWithin: PT5M, silentAfter: PT0S, overdueAfter: PT2H,
                       timeout: PT6H, retry: {maxAttempts: 5, backoff: PT1S}, reconciliation: {required: true}}
            tasks:
              - {key: subscribers, mode: ASYNC, system: data-consumer, path: /sync/subscribers, parameters: {dataset: subscribers, factor: 0.1}}
              - {key: plans, mode: ASYNC, system: data-consumer, path: /sync/plans, auth: {type: none}, retry: {backoff: PT2S}}
              - {key: enrich, mode: SYNC, system: data-consumer, path: /sync/enrich-cdr, cancelPath: /sync/enrich-cdr/cancel, overdueAfter: PT30M}
            alerts: [{when: [FAILED, OVERDUE, RECONCILIATION_MISMATCH], channels: [ops-mail, ops-webhook]}]
            """;

    private static final String SMALLEST = """
            apiVersion: syncline/v1
            kind: TaskGroup
            key: small
            tasks:
              - {key: only, system: data-consumer, path: /sync/only}
            """;

    @Test
    void readsAllThatTheContractShowsAndMergesTheDefaults() {
        TaskGroup group = read("subscriber-daily", FULL);

        assertThat(group.triggers())
                .containsExactly(new TriggerRule("/billing", "com.example.billing.extract.ready", "{data.day}"));
        assertThat(group.schedule())
                .isEqualTo(new Schedule("0 30 2 * * ?", ZoneId.of("Europe/Berlin"), Misfire.FIRE_ONCE));
        assertThat(group.tasks()).extracting(TaskDefinition::key).containsExactly("subscribers", "plans", "enrich");
        TaskDefinition subscribers = group.tasks().get(0);
        assertThat(subscribers.mode()).isEqualTo(Mode.ASYNC);
        assertThat(subscribers.interval()).isEqualTo(Duration.ofMillis(500));
        assertThat(subscribers.silentAfter()).isZero();
        assertThat(subscribers.parameters())
                .isEqualTo(Map.of("dataset", "subscribers", "factor", new BigDecimal("0.1")));
        assertThat(subscribers.auth()).isEqualTo(Auth.OF_SYSTEM);
        assertThat(subscribers.reconciliation()).isEqualTo(new ReconciliationRule(true, 0));
        assertThat(group.tasks().get(1).auth()).isEqualTo(Auth.NONE);
        assertThat(group.tasks().get(1).retry())
                .isEqualTo(new RetryPolicy(5, Duration.ofSeconds(2), Duration.ofMinutes(5)));
        assertThat(group.tasks().get(2).overdueAfter()).isEqualTo(Duration.ofMinutes(30));
        assertThat(group.tasks().get(2).cancelPath()).isEqualTo("/sync/enrich-cdr/cancel");
        assertThat(group.document()).containsEntry("freshness", "PT26H");
    }

    @Test
    void theDefaultsAreThese() {
        TaskDefinition task = read("small", SMALLEST).tasks().get(0);

        assertThat(task)
                .isEqualTo(new TaskDefinition(
                        "only",
                        Mode.SYNC,
                        "data-consumer",
                        "/sync/only",
                        null,
                        Map.of(),
                        Auth.OF_SYSTEM,
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(10),
                        Duration.ofMinutes(5),
                        Duration.ofMinutes(30),
                        Duration.ofHours(2),
                        Duration.ofHours(6),
                        new RetryPolicy(3, Duration.ofSeconds(5), Duration.ofMinutes(5)),
                        new ReconciliationRule(false, 0)));
    }

    @Test
    void ofOverdueAfterAndTimeoutTheOneNotGivenFollowsTheOther() {
        TaskDefinition shortTimeout = read("small", SMALLEST.replace("/only}", "/only, timeout: PT30S}"))
                .tasks()
                .get(0);
        TaskDefinition longOverdue = read("small", SMALLEST.replace("/only}", "/only, overdueAfter: PT8H}"))
                .tasks()
                .get(0);

        assertThat(shortTimeout.overdueAfter()).isEqualTo(Duration.ofSeconds(15));
        assertThat(longOverdue.timeout()).isEqualTo(Duration.ofHours(24));
    }

    @Test
    void jsonSaysTheSameAsYaml() {
        String json = """
                {"apiVersion": "syncline/v1", "kind": "TaskGroup", "key": "small",
                 "tasks": [{"key": "only", "system": "data-consumer", "path": "/sync/only"}]}
                """;

        assertThat(Documents.json(json)).isEqualTo(Documents.yaml(SMALLEST.getBytes(StandardCharsets.UTF_8)));
    }

    @ParameterizedTest(name = "{0} -> {1}: {2} at {3}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "key: subscriber-daily          | key: other                              | key-mismatch   | /key",
                "key: subscriber-daily          | key: Subscriber_Daily                   | invalid-value  | /key",
                "apiVersion: syncline/v1        | apiVersion: syncline/v2                 | invalid-value  | /apiVersion",
                "kind: TaskGroup                | kind: System                            | invalid-value  | /kind",
                "owner: data-platform           | ownr: data-platform                     | unknown-member | /ownr",
                "owner: data-platform           | owner: 7                                | wrong-type     | /owner",
                "owner: data-platform           | owner: ''                               | invalid-value  | /owner",
                "labels: [billing]              | labels: billing                         | wrong-type     | /labels",
                "labels: [billing]              | labels: [billing, billing]              | duplicate      | /labels/1",
                "labels: [billing]              | labels: [1]                             | wrong-type     | /labels/0",
                "source: /billing,              | ``                                      | required       | /triggers/0/source",
                "{data.day}                     | {day}                                   | invalid-value  | /triggers/0/businessKey",
                "{data.day}                     | no place                                | invalid-value  | /triggers/0/businessKey",
                "businessKey: \"{data.day}\"    | verify: {system: nobody, path: /a, after: PT1S} | unknown-system | /triggers/0/verify/system",
                "businessKey: \"{data.day}\"    | verify: {system: data-consumer, after: PT1S} | required | /triggers/0/verify/path",
                "businessKey: \"{data.day}\"    | verify: {system: data-consumer, path: /a} | required | /triggers/0/verify/after",
                "businessKey: \"{data.day}\"    | verify: {system: data-consumer, path: \"/a/{type}\", after: PT1S} | invalid-value | /triggers/0/verify/path",
                "businessKey: \"{data.day}\"    | verify: {system: data-consumer, path: a, after: PT1S} | invalid-value | /triggers/0/verify/path",
                "businessKey: \"{data.day}\"    | verify: {system: data-consumer, path: /a, after: PT1S, giveUpAfter: PT0.5S} | out-of-range | /triggers/0/verify/giveUpAfter",
                "businessKey: \"{data.day}\"    | verify: {system: data-consumer, path: /a, after: PT1S, every: PT1S} | unknown-member | /triggers/0/verify/every",
                "businessKey: \"{data.day}\"    | dataSchema: [object]                    | wrong-type     | /triggers/0/dataSchema",
                "businessKey: \"{data.day}\"    | dataSchema: {minimum: one}              | type           | /triggers/0/dataSchema/minimum",
                "businessKey: \"{data.day}\"    | dataSchema: {properties: {a: {$ref: \"https://x.example/y\"}}} | not-supported | /triggers/0/dataSchema/properties/a/$ref",
                "cron: \"0 30 2 * * ?\"         | cron: \"every day\"                     | invalid-value  | /schedule/cron",
                "cron: \"0 30 2 * * ?\"         | cron: \"0 0 0 1 1 ? 1999\"              | invalid-value  | /schedule/cron",
                "cron: \"0 30 2 * * ?\",        | ``                                      | required       | /schedule/cron",
                "zone: Europe/Berlin, misfire   | zone: Europe/Atlantis, misfire          | invalid-value  | /schedule/zone",
                "misfire: FIRE_ONCE             | misfire: NEVER                          | invalid-value  | /schedule/misfire",
                "misfire: FIRE_ONCE             | calendar: nowhere                       | unknown-calendar | /schedule/calendar",
                "misfire: FIRE_ONCE             | calendar: never                         | invalid-value  | /schedule/calendar",
                "misfire: FIRE_ONCE             | maxCatchUp: 5                           | invalid-value  | /schedule/maxCatchUp",
                "misfire: FIRE_ONCE             | misfire: CATCH_UP, maxCatchUp: 0        | out-of-range   | /schedule/maxCatchUp",
                "misfire: FIRE_ONCE             | misfire: CATCH_UP, maxCatchUp: 1001     | out-of-range   | /schedule/maxCatchUp",
                "time: \"03:30\"                | time: \"25:00\"                         | invalid-value  | /expectBy/time",
                "time: \"03:30\",               | ``                                      | required       | /expectBy/time",
                "startBy: PT10M                 | startBy: P1Y                            | invalid-value  | /startBy",
                "startBy: PT10M                 | startBy: P1M                            | invalid-value  | /startBy",
                "startBy: PT10M                 | startBy: 10m                            | invalid-value  | /startBy",
                "startBy: PT10M                 | startBy: 600                            | wrong-type     | /startBy",
                "startBy: PT10M                 | startBy: PT-10M                         | out-of-range   | /startBy",
                "freshness: PT26H               | freshness: P400D                        | out-of-range   | /freshness",
                "whenActive: QUEUE              | whenActive: queue                       | invalid-value  | /whenActive",
                "whenActive: QUEUE              | maxActive: 0                            | out-of-range   | /maxActive",
                "whenActive: QUEUE              | maxQueued: 0                            | out-of-range   | /maxQueued",
                "whenActive: QUEUE              | maxQueued: 1000001                      | out-of-range   | /maxQueued",
                "whenActive: QUEUE              | maxActive: 1001                         | out-of-range   | /maxActive",
                "interval: PT0.5S               | interval: PT0.099S                      | out-of-range   | /defaults/interval",
                "callTimeout: PT10S             | callTimeout: PT0.05S                    | out-of-range   | /defaults/callTimeout",
                "backoff: PT1S                  | backoff: PT0S                           | out-of-range   | /defaults/retry/backoff",
                "maxAttempts: 5                 | maxAttempts: 0                          | out-of-range   | /defaults/retry/maxAttempts",
                "maxAttempts: 5                 | maxAttempts: 1.5                        | wrong-type     | /defaults/retry/maxAttempts",
                "maxAttempts: 5                 | attempts: 5                             | unknown-member | /defaults/retry/attempts",
                "required: true                 | required: 'yes'                         | wrong-type     | /defaults/reconciliation/required",
                "required: true                 | toleranceRows: -1                       | out-of-range   | /defaults/reconciliation/toleranceRows",
                "overdueAfter: PT2H             | overdueAfter: PT6H                      | out-of-range   | /defaults/overdueAfter",
                "overdueAfter: PT30M            | overdueAfter: PT6H                      | out-of-range   | /tasks/2/overdueAfter",
                "overdueAfter: PT30M            | timeout: PT1H                           | out-of-range   | /tasks/2/timeout",
                "key: plans, mode               | key: subscribers, mode                  | duplicate      | /tasks/1/key",
                "key: plans, mode               | mode                                    | required       | /tasks/1/key",
                "mode: SYNC                     | mode: PARALLEL                          | invalid-value  | /tasks/2/mode",
                "system: data-consumer, path: /sync/plans | system: nobody, path: /sync/plans     | unknown-system | /tasks/1/system",
                "system: data-consumer, path: /sync/plans | system: only-sends, path: /sync/plans | invalid-value  | /tasks/1/system",
                "system: data-consumer, path: /sync/plans | path: /sync/plans             | required       | /tasks/1/system",
                "path: /sync/plans              | path: sync/plans                        | invalid-value  | /tasks/1/path",
                "path: /sync/plans              | path: http://elsewhere/plans            | invalid-value  | /tasks/1/path",
                "path: /sync/plans              | path: /sync plans                       | invalid-value  | /tasks/1/path",
                "cancelPath: /sync/enrich-cdr/cancel | cancelPath: cancel                 | invalid-value  | /tasks/2/cancelPath",
                "auth: {type: none}             | auth: {type: magic}                     | invalid-value  | /tasks/1/auth/type",
                "auth: {type: none}             | auth: {type: of-system}                 | invalid-value  | /tasks/1/auth/type",
                "auth: {type: none}             | auth: {type: oauth2-client-credentials, credential: c} | unknown-credential | /tasks/1/auth/credential",
                "auth: {type: none}             | auth: {type: basic, credential: plans-client} | invalid-value | /tasks/1/auth/credential",
                "auth: {type: none}             | auth: {type: platform-jwt, claims: {iss: x}} | invalid-value | /tasks/1/auth/claims/iss",
                "auth: {type: none}             | auth: {type: platform-jwt, claims: {a: 1}} | wrong-type | /tasks/1/auth/claims/a",
                "auth: {type: none}             | auth: {type: platform-jwt, lifetime: PT16M} | out-of-range | /tasks/1/auth/lifetime",
                "auth: {type: none}             | auth: {type: platform-jwt, lifetime: PT59S} | out-of-range | /tasks/1/auth/lifetime",
                "auth: {type: none}             | auth: {type: platform-jwt, audience: syncline} | invalid-value | /tasks/1/auth/audience",
                "auth: {type: none}             | auth: {type: platform-jwt, audience: another-system} | invalid-value | /tasks/1/auth/audience",
                "auth: {type: none}             | auth: {type: none, lifetime: PT5M}      | invalid-value  | /tasks/1/auth/lifetime",
                "auth: {type: none}             | auth: {type: mtls}                      | required       | /tasks/1/auth/credential",
                "auth: {type: none}             | auth: {}                                | required       | /tasks/1/auth/type",
                "auth: {type: none}             | auth: {type: none, credential: c}       | invalid-value  | /tasks/1/auth/credential",
                "auth: {type: none}             | request: {map: x}                       | wrong-type     | /tasks/1/request",
                "auth: {type: none}             | reply: {map: x}                         | wrong-type     | /tasks/1/reply",
                "auth: {type: none}             | startBy: PT1H                           | unknown-member | /tasks/1/startBy",
                "parameters: {dataset: subscribers, factor: 0.1} | parameters: [1]        | wrong-type     | /tasks/0/parameters",
                "when: [FAILED, OVERDUE         | when: [EXPLODED, OVERDUE                | invalid-value  | /alerts/0/when/0",
                "channels: [ops-mail            | channels: [Ops Mail                     | invalid-value  | /alerts/0/channels/0",
            })
    void oneWrongMemberIsToldAtItsPlace(String right, String wrong, String code, String pointer) {
        assertThat(FULL).contains(right);

        InvalidDocumentException refused = refused("subscriber-daily", FULL.replace(right, wrong));

        assertThat(refused.errors()).singleElement().satisfies(error -> {
            assertThat(error.pointer()).isEqualTo(pointer);
            assertThat(error.code()).isEqualTo(code);
            assertThat(error.detail()).isNotBlank();
        });
    }

    @Test
    void everythingThatIsMissingIsToldAtOnce() {
        InvalidDocumentException refused = refused("small", "description: nothing else\n");

        assertThat(refused.errors())
                .extracting(DocumentError::pointer)
                .containsExactlyInAnyOrder("/apiVersion", "/kind", "/key", "/tasks");
        assertThat(refused.errors()).extracting(DocumentError::code).containsOnly("required");
    }

    @Test
    void manyFaultsInManyPlacesAreToldAtOnce() {
        InvalidDocumentException refused = refused(
                "subscriber-daily",
                FULL.replace("mode: SYNC", "mode: NOPE")
                        .replace("startBy: PT10M", "startBy: soon")
                        .replace("owner:", "ownr:"));

        assertThat(refused.errors())
                .extracting(DocumentError::pointer)
                .containsExactlyInAnyOrder("/ownr", "/startBy", "/tasks/2/mode");
    }

    @Test
    void aGroupWithoutTasksIsRefused() {
        String none = SMALLEST.substring(0, SMALLEST.indexOf("tasks:")) + "tasks: []\n";

        assertThat(refused("small", none).errors())
                .extracting(DocumentError::pointer)
                .containsExactly("/tasks");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"a: 1\\n---\\nb: 2", "a: [1", "a: 1\\na: 2", "\\t- x", "a: .inf", "''"})
    void whatIsNotOneYamlObjectIsUnreadable(String body) {
        byte[] bytes = body.replace("\\n", "\n").replace("\\t", "\t").getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> Documents.yaml(bytes))
                .isInstanceOf(UnreadableDocumentException.class)
                .hasMessageNotContainingAny("java", "jackson", "yaml.");
    }

    @Test
    void whatCanBeReadButIsNoObjectIsInvalid() {
        for (String body : List.of("[1, 2]", "7", "null", "\"just text\"")) {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            assertThatThrownBy(() -> Documents.json(bytes)).as(body).isInstanceOf(InvalidDocumentException.class);
            assertThatThrownBy(() -> Documents.yaml(bytes)).as(body).isInstanceOf(InvalidDocumentException.class);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {"{\"a\": 1} {}", "{\"a\": 1, \"a\": 2}", "{a: 1}", "``", "{\"a\": 1", "nonsense"})
    void whatIsNotOneJsonObjectIsUnreadable(String body) {
        assertThatThrownBy(() -> Documents.json(body.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(UnreadableDocumentException.class)
                .hasMessageNotContainingAny("java", "jackson");
    }

    @Test
    void aDocumentNestedTooDeepIsUnreadableAndNothingBreaks() {
        byte[] deep = ("{\"a\":" + "[".repeat(100_000)).getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> Documents.json(deep)).isInstanceOf(UnreadableDocumentException.class);
    }

    private static TaskGroup read(String key, String yaml) {
        return TaskGroupDocument.read(Documents.yaml(yaml.getBytes(StandardCharsets.UTF_8)), key, 1, new Known());
    }

    private static InvalidDocumentException refused(String key, String yaml) {
        return catchThrowableOfType(InvalidDocumentException.class, () -> read(key, yaml));
    }

    private static final class Known implements Surroundings {
        @Override
        public Optional<SyncSystem> system(String key) {
            return switch (key) {
                case "data-consumer" -> Optional.of(system(key, List.of(URI.create("http://127.0.0.1:8082"))));
                case "only-sends" -> Optional.of(system(key, List.of()));
                default -> Optional.empty();
            };
        }

        private static SyncSystem system(String key, List<URI> instances) {
            return new SyncSystem(
                    key,
                    1,
                    null,
                    null,
                    List.of(),
                    instances,
                    Routing.ROUND_ROBIN,
                    Auth.NONE,
                    32,
                    1,
                    List.of(),
                    Map.of("plans-client", AuthType.OAUTH2_CLIENT_CREDENTIALS, "plans-user", AuthType.BASIC),
                    Map.of());
        }

        @Override
        public Optional<BusinessCalendar> calendar(String key) {
            return key.equals("nowhere")
                    ? Optional.empty()
                    : Optional.of(new BusinessCalendar(key, 1, List.of(), null, Set.of(), Set.of(), Set.of()));
        }

        @Override
        public List<Instant> fireTimes(Schedule schedule, @Nullable BusinessCalendar calendar) {
            if (calendar != null && calendar.key().equals("never")) {
                return List.of();
            }
            var cron = schedule.cron();
            if (cron.split(" ").length < 6) {
                throw new IllegalArgumentException("too few fields");
            }
            return cron.endsWith("1999") ? List.of() : List.of(Instant.parse("2026-11-21T02:30:00Z"));
        }

        @Override
        public boolean approved(URI instance) {
            return true;
        }
    }
}
