package io.syncline.scheduler.trigger;

import static io.syncline.scheduler.testing.GroupFixture.aGroup;
import static io.syncline.scheduler.testing.SettableClock.NOON;
import static io.syncline.scheduler.testing.TaskFixture.aSyncTask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.syncline.scheduler.catalog.AlertCondition;
import io.syncline.scheduler.catalog.AlertSignal;
import io.syncline.scheduler.catalog.Auth;
import io.syncline.scheduler.catalog.Routing;
import io.syncline.scheduler.catalog.SyncSystem;
import io.syncline.scheduler.catalog.Systems;
import io.syncline.scheduler.catalog.TriggerRule;
import io.syncline.scheduler.catalog.Verification;
import io.syncline.scheduler.catalog.WhenActive;
import io.syncline.scheduler.run.RunState;
import io.syncline.scheduler.run.Runs;
import io.syncline.scheduler.run.StartedRun;
import io.syncline.scheduler.run.TestRuns;
import io.syncline.scheduler.security.Labels;
import io.syncline.scheduler.security.ProblemError;
import io.syncline.scheduler.security.ProblemException;
import io.syncline.scheduler.store.Ids;
import io.syncline.scheduler.store.SqlDialect;
import io.syncline.scheduler.testing.FixedTaskGroups;
import io.syncline.scheduler.testing.HeardSignals;
import io.syncline.scheduler.testing.SettableClock;
import io.syncline.scheduler.testing.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import tools.jackson.databind.json.JsonMapper;

/** What the inbox makes of messages, on every database. */
abstract class IntakeContract {

    private static final String SOURCE = "/billing";
    private static final String TYPE = "extract.ready";
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Sender SENDER = new Sender("billing-client", "billing", "REST", null);

    private final FixedTaskGroups groups = new FixedTaskGroups();
    private final SettableClock clock = SettableClock.atNoon();
    private final Map<String, Set<String>> owners = new HashMap<>();
    private final Set<String> known = new HashSet<>(Set.of("billing"));
    private final AtomicReference<@Nullable Runnable> meanwhile = new AtomicReference<>();
    private Runs runs;
    private HeardSignals signals;
    private JdbcTriggerMessages messages;
    private Intake intake;

    abstract TestDatabase database();

    private final List<Object> published = new ArrayList<>();

    @BeforeEach
    void open() {
        var jdbc = new NamedParameterJdbcTemplate(database().dataSource());
        clear();
        runs = TestRuns.on(database(), groups, clock);
        messages = new JdbcTriggerMessages(jdbc, SqlDialect.of(database().dataSource()));
        signals = new HeardSignals();
        intake = new Intake(
                messages,
                new JdbcVerifications(jdbc),
                signals,
                groups,
                new OwnedSources(),
                runs,
                this::now,
                database().transactions(),
                new SimpleMeterRegistry(),
                published::add);
        groups.put(aGroup("daily").with(aSyncTask("a")).triggeredBy(SOURCE, TYPE));
    }

    private void clear() {
        List.of("journal", "task_run", "run", "run_slot", "trigger_verification", "trigger_message")
                .forEach(table -> database().jdbc().sql("delete from " + table).update());
    }

    /** The time is read between the search for an earlier copy and the insert: what happens then comes in between. */
    private Instant now() {
        var between = meanwhile.getAndSet(null);
        if (between != null) {
            CompletableFuture.runAsync(between).join();
        }
        return clock.now();
    }

    private final class OwnedSources implements Systems {
        @Override
        public Optional<SyncSystem> find(String key) {
            return known.contains(key) ? Optional.of(system(key)) : Optional.empty();
        }

        @Override
        public List<SyncSystem> all() {
            return List.of();
        }

        @Override
        public Set<String> ownersOf(String source) {
            return owners.getOrDefault(source, Set.of());
        }
    }

    private static SyncSystem system(String key) {
        return new SyncSystem(
                key,
                1,
                null,
                null,
                List.of(),
                List.of(),
                Routing.ROUND_ROBIN,
                Auth.NONE,
                32,
                1,
                List.of(),
                Map.of(),
                Map.of());
    }

    private static CloudEvent event(String id, String members) {
        return CloudEventReader.structured(("{\"specversion\":\"1.0\",\"id\":\"" + id + "\",\"source\":\"" + SOURCE
                        + "\",\"type\":\"" + TYPE + "\"" + members + "}")
                .getBytes(StandardCharsets.UTF_8));
    }

    private Judgement.Accepted accepted(String id, String members) {
        return (Judgement.Accepted) intake.accept(event(id, members), SENDER);
    }

    private Judgement resubmitted(String triggerId, String data, String attributes) {
        return intake.resubmit(
                        new Correction(
                                triggerId,
                                data == null ? null : JSON.readTree(data),
                                attributes == null ? null : JSON.readTree(attributes)),
                        "ada",
                        null,
                        false)
                .orElseThrow();
    }

    private String state(StartedRun run, String triggerId) {
        return runs.ofTrigger(triggerId).stream()
                .filter(one -> one.runId().equals(run.runId()))
                .findFirst()
                .orElseThrow()
                .state()
                .name();
    }

    private @Nullable Object ofRun(String runId, String column) {
        return database()
                .jdbc()
                .sql("select " + column + " from run where run_id = ?")
                .param(runId)
                .query(String.class)
                .optional()
                .orElse(null);
    }

    private int count(String table) {
        return database()
                .jdbc()
                .sql("select count(*) from " + table)
                .query(Integer.class)
                .single();
    }

    @Test
    void aMessageForAFullQueueIsRefusedForNowAndNothingOfItIsKept() {
        groups.put(aGroup("daily").maxQueued(1).with(aSyncTask("a")).triggeredBy(SOURCE, TYPE));
        accepted("1", "");
        accepted("2", "");

        for (String id : List.of("3", "3")) {
            assertThatThrownBy(() -> intake.accept(event(id, ""), SENDER))
                    .isInstanceOfSatisfying(ProblemException.class, problem -> {
                        assertThat(problem.status()).isEqualTo(429);
                        assertThat(problem.type()).endsWith("/queue-full");
                        assertThat(problem.headers()).containsEntry("Retry-After", "10");
                    });
        }

        assertThat(count("trigger_message")).isEqualTo(2);
        assertThat(count("run")).isEqualTo(2);
    }

    @Test
    void aPartitionkeyIsTheOrderingKeyWhateverTheGroupsPolicy() {
        groups.put(
                aGroup("daily").whenActive(WhenActive.SKIP).with(aSyncTask("a")).triggeredBy(SOURCE, TYPE));
        accepted("1", ",\"subject\":\"s\",\"partitionkey\":\"p\"");

        var second = accepted("2", ",\"subject\":\"t\",\"partitionkey\":\"p\"");
        var third = accepted("3", ",\"subject\":\"s\"");
        var fourth = accepted("4", ",\"subject\":\"s\"");

        assertThat(second.runs().get(0).state().name()).isEqualTo("QUEUED");
        assertThat(third.runs().get(0).state().name()).isEqualTo("RUNNING");
        assertThat(fourth.runs().get(0).state().name()).isEqualTo("SKIPPED");
    }

    @Test
    void anAcceptedMessageIsKeptWithItsRuns() {
        groups.put(aGroup("weekly").with(aSyncTask("a"), aSyncTask("b")).triggeredBy(SOURCE, TYPE));

        var judgement = accepted("1", ",\"subject\":\"2026-11-20\",\"data\":{\"n\":1}");

        assertThat(judgement.runs()).extracting(StartedRun::group).containsExactly("daily", "weekly");
        assertThat(judgement.runs()).extracting(StartedRun::state).containsOnly(RunState.RUNNING);
        var kept = messages.find(judgement.triggerId(), Labels.ALL).orElseThrow();
        assertThat(kept.status()).isEqualTo(TriggerStatus.ACCEPTED);
        assertThat(kept.subject()).isEqualTo("2026-11-20");
        assertThat(kept.clientId()).isEqualTo("billing-client");
        assertThat(kept.receivedAt()).isEqualTo(NOON);
        assertThat(kept.eventBody()).contains("\"n\":1");
        assertThat(count("task_run")).isEqualTo(3);
        assertThat(ofRun(judgement.runs().get(0).runId(), "business_key")).isEqualTo("2026-11-20");
        assertThat(String.valueOf(ofRun(judgement.runs().get(0).runId(), "trigger_body")))
                .contains("\"source\":\"/billing\"")
                .contains("\"data\":{\"n\":1}");
    }

    @Test
    void aCopyAnswersTheRunsAsTheyAreNow() {
        var first = accepted("1", ",\"data\":{\"a\":1,\"b\":2}");
        runs.cancel(first.runs().get(0).runId(), new io.syncline.scheduler.run.Operator("ada", "no"), false);

        var copy = intake.accept(event("1", ",\"data\":{\"b\":2,\"a\":1}"), SENDER);

        assertThat(copy).isInstanceOfSatisfying(Judgement.Duplicate.class, duplicate -> {
            assertThat(duplicate.triggerId()).isEqualTo(first.triggerId());
            assertThat(duplicate.runs())
                    .extracting(StartedRun::runId)
                    .containsExactly(first.runs().get(0).runId());
            assertThat(duplicate.runs()).extracting(StartedRun::state).containsExactly(RunState.CANCELLED);
        });
        assertThat(count("run")).isEqualTo(1);
        assertThat(count("trigger_message")).isEqualTo(1);
    }

    @Test
    void copiesAreCountedOnTheFirstAndFoundByIt() {
        var once = accepted("1", "");
        var twice = accepted("2", "");
        clock.advance(Duration.ofMinutes(5));
        intake.tryOut(event("1", ""), SENDER);

        intake.accept(event("2", ""), SENDER);
        intake.accept(event("2", ""), SENDER);

        var copied = new JdbcTriggerMessages.Filter(SOURCE, null, null, null, null, null, NOON, null, null, true);
        assertThat(messages.list(copied, null, 10, Labels.ALL)).singleElement().satisfies(message -> {
            assertThat(message.triggerId()).isEqualTo(twice.triggerId());
            assertThat(message.copies()).isEqualTo(2);
            assertThat(message.lastCopyAt()).isEqualTo(NOON.plus(Duration.ofMinutes(5)));
        });
        assertThat(messages.find(once.triggerId(), Labels.ALL).orElseThrow().copies())
                .isZero();
        assertThat(messages.find(once.triggerId(), Labels.ALL).orElseThrow().lastCopyAt())
                .isNull();
    }

    @Test
    void howAMessageCameIsKeptAndFound() {
        var trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        var kafka = new Sender("kafka:t", "billing", "KAFKA", trace, "t p3 @88120");

        var taken = (Judgement.Accepted) intake.accept(event("1", ""), kafka);
        var refused = (Judgement.Refused) intake.accept(event("1", ",\"subject\":\"other\""), kafka);
        accepted("2", "");

        var byKafka = new JdbcTriggerMessages.Filter(null, null, null, null, null, null, null, null, "KAFKA", false);
        assertThat(messages.list(byKafka, null, 10, Labels.ALL))
                .extracting(StoredMessage::triggerId)
                .containsExactlyInAnyOrder(taken.triggerId(), refused.triggerId());
        assertThat(messages.list(byKafka, null, 10, Labels.ALL)).allSatisfy(message -> {
            assertThat(message.place()).isEqualTo("t p3 @88120");
            assertThat(message.traceId()).isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
        });
    }

    @Test
    void aCopyIsACopyAlsoWhenNoGroupWouldTakeItAnyMore() {
        var first = accepted("1", "");
        groups.put(aGroup("daily").version(2).with(aSyncTask("a")));

        assertThat(intake.accept(event("1", ""), SENDER))
                .isInstanceOfSatisfying(
                        Judgement.Duplicate.class,
                        copy -> assertThat(copy.triggerId()).isEqualTo(first.triggerId()));
    }

    @Test
    void otherContentUnderATakenIdIsRefusedAndKept() {
        var first = accepted("1", ",\"data\":1");

        var other = (Judgement.Refused) intake.accept(event("1", ",\"data\":2"), SENDER);

        assertThat(other.status()).isEqualTo(TriggerStatus.CONFLICT);
        assertThat(other.problem().status()).isEqualTo(422);
        assertThat(other.problem().type()).endsWith("/trigger-id-reused");
        assertThat(other.problem().detail()).contains(first.triggerId());
        assertThat(messages.find(other.triggerId(), Labels.ALL).orElseThrow().status())
                .isEqualTo(TriggerStatus.CONFLICT);
        assertThat(messages.find(other.triggerId(), Labels.ALL).orElseThrow().problem())
                .contains("trigger-id-reused");
        assertThat(count("run")).isEqualTo(1);
        assertThat(intake.accept(event("1", ",\"data\":1"), SENDER)).isInstanceOf(Judgement.Duplicate.class);
    }

    @Test
    void aRejectedMessageIsKeptAndJudgedAfreshLater() {
        groups.put(aGroup("daily").version(2).with(aSyncTask("a")));

        var refused = (Judgement.Refused) intake.accept(event("1", ""), SENDER);
        assertThat(refused.status()).isEqualTo(TriggerStatus.REJECTED);
        assertThat(refused.problem().type()).endsWith("/no-trigger-rule");
        assertThat(messages.find(refused.triggerId(), Labels.ALL).orElseThrow().dedupKey())
                .isNull();
        groups.put(aGroup("daily").version(3).with(aSyncTask("a")).triggeredBy(SOURCE, TYPE));

        assertThat(accepted("1", "").triggerId()).isNotEqualTo(refused.triggerId());
        assertThat(messages.list(new JdbcTriggerMessages.Filter(SOURCE, "1", null, null, null), null, 10, Labels.ALL))
                .extracting(StoredMessage::status)
                .containsExactlyInAnyOrder(TriggerStatus.ACCEPTED, TriggerStatus.REJECTED);
    }

    @Test
    void aForeignSourceIsForbiddenAndNotKept() {
        owners.put(SOURCE, Set.of("billing"));

        assertThat(intake.accept(event("1", ""), new Sender("x", "crm", "REST", null)))
                .isInstanceOfSatisfying(
                        Judgement.Forbidden.class,
                        forbidden -> assertThat(forbidden.problem().status()).isEqualTo(403));
        assertThat(intake.accept(event("1", ""), new Sender("x", null, "REST", null)))
                .isInstanceOf(Judgement.Forbidden.class);
        assertThat(count("trigger_message")).isZero();
        assertThat(accepted("1", "").runs()).hasSize(1);
        assertThat(published).hasSize(2).allSatisfy(event -> assertThat(event).isInstanceOf(ForeignSource.class));
    }

    @Test
    void aPausedGroupHoldsItsRun() {
        groups.pause("daily", NOON);

        var judgement = accepted("1", "");

        assertThat(judgement.runs()).extracting(StartedRun::state).containsExactly(RunState.QUEUED);
        assertThat(ofRun(judgement.runs().get(0).runId(), "held_since")).isNotNull();
    }

    @Test
    void theBusinessKeyIsTheSubjectUnlessTheRuleNamesAnother() {
        groups.put(aGroup("daily")
                .version(2)
                .with(aSyncTask("a"))
                .triggeredBy(SOURCE, TYPE, "{data.region.code}-{subject}/{id}"));

        var judgement = accepted("7", ",\"subject\":\"s\",\"data\":{\"region\":{\"code\":49}}");

        var run = judgement.runs().get(0).runId();
        assertThat(ofRun(run, "business_key")).isEqualTo("49-s/7");
        assertThat(ofRun(run, "ordering_key")).isEqualTo("49-s/7");
    }

    @Test
    void aBusinessKeyThatTheMessageLacksIsRejected() {
        groups.put(aGroup("daily").version(2).with(aSyncTask("a")).triggeredBy(SOURCE, TYPE, "{data.region}"));

        for (String members : List.of(
                "",
                ",\"data\":{}",
                ",\"data\":{\"region\":{}}",
                ",\"data\":{\"region\":null}",
                ",\"data\":{\"region\":\" \"}",
                ",\"data\":[1]",
                ",\"data\":{\"region\":\"" + "x".repeat(600) + "\"}")) {
            assertThat(intake.accept(event("1", members), SENDER))
                    .as(members)
                    .isInstanceOfSatisfying(Judgement.Refused.class, refused -> {
                        assertThat(refused.status()).isEqualTo(TriggerStatus.REJECTED);
                        assertThat(refused.problem().type()).endsWith("/trigger-data-invalid");
                    });
        }
        assertThat(count("run")).isZero();
    }

    @Test
    void theOrderingKeyIsPartitionKeyThenBusinessKeyThenOneForAll() {
        var partition = accepted("1", ",\"subject\":\"s\",\"partitionkey\":\"p\"")
                .runs()
                .get(0)
                .runId();
        var subject = accepted("2", ",\"subject\":\"s\"").runs().get(0).runId();
        var common = accepted("3", "").runs().get(0);
        var second = accepted("4", "").runs().get(0);

        assertThat(ofRun(partition, "ordering_key")).isEqualTo("p");
        assertThat(ofRun(partition, "business_key")).isEqualTo("s");
        assertThat(ofRun(subject, "ordering_key")).isEqualTo("s");
        assertThat(ofRun(common.runId(), "ordering_key")).isEqualTo("*");
        assertThat(ofRun(common.runId(), "business_key")).isNull();
        assertThat(common.state()).isEqualTo(RunState.RUNNING);
        assertThat(second.state()).isEqualTo(RunState.QUEUED);
    }

    @Test
    void contentThatCannotBeComparedIsRefusedAndNotKept() {
        assertThatThrownBy(() -> intake.accept(event("1", ",\"data\":1e999"), SENDER))
                .isInstanceOf(MalformedEventException.class);
        assertThat(count("trigger_message")).isZero();
    }

    @Test
    void anEventWithoutJsonStartsItsRunWithBase64Data() {
        var run = accepted("1", ",\"datacontenttype\":\"text/plain\",\"data\":\"hello\"")
                .runs()
                .get(0);

        assertThat(String.valueOf(ofRun(run.runId(), "trigger_body"))).contains("\"data\":\"aGVsbG8=\"");
    }

    @Test
    void nulCharactersInDataAreKept() {
        var judgement = accepted("1", ",\"data\":{\"a\\u0000\":\"\\u0000\"}");

        assertThat(messages.find(judgement.triggerId(), Labels.ALL)
                        .orElseThrow()
                        .eventBody())
                .contains("\\u0000");
        assertThat(intake.accept(event("1", ",\"data\":{\"a\\u0000\":\"\\u0000\"}"), SENDER))
                .isInstanceOf(Judgement.Duplicate.class);
    }

    @Test
    void aScheduleFiresOncePerIntendedTimeAndItsRunsQueue() {
        groups.put(aGroup("nightly").with(aSyncTask("a")));

        var first = intake.fire("nightly", NOON);
        var again = intake.fire("nightly", NOON);
        var next = intake.fire("nightly", NOON.plusSeconds(60));

        assertThat(first).isInstanceOf(Judgement.Accepted.class);
        assertThat(again).isInstanceOf(Judgement.Duplicate.class);
        assertThat(((Judgement.Accepted) next).runs())
                .extracting(StartedRun::state)
                .containsExactly(RunState.QUEUED);
        assertThat(intake.fire("gone", NOON)).isInstanceOf(Judgement.Refused.class);
    }

    @Test
    void anOperatorStartsOneGroupAlone() {
        groups.put(aGroup("manual").with(aSyncTask("a")));

        var judgement = (Judgement.Accepted) intake.start("manual", "m1", "ada", "today", null, "p", null);
        var again = intake.start("manual", "m1", "ada", "today", null, "p", null);

        assertThat(judgement.runs()).extracting(StartedRun::group).containsExactly("manual");
        assertThat(ofRun(judgement.runs().get(0).runId(), "business_key")).isEqualTo("today");
        assertThat(again).isInstanceOf(Judgement.Duplicate.class);
        assertThat(state(judgement.runs().get(0), judgement.triggerId())).isEqualTo("RUNNING");
    }

    @Test
    void copiesThatComeAtTheSameMomentGiveOneRun() throws Exception {
        int copies = 6;
        var together = new CyclicBarrier(copies);
        var threads = Executors.newFixedThreadPool(copies);
        try {
            for (int round = 0; round < 5; round++) {
                var id = Ids.next();
                var answers = new ArrayList<Future<Judgement>>();
                for (int i = 0; i < copies; i++) {
                    answers.add(threads.submit(() -> {
                        together.await();
                        return intake.accept(event(id, ",\"subject\":\"" + id + "\""), SENDER);
                    }));
                }
                var judgements = new ArrayList<Judgement>();
                for (var answer : answers) {
                    judgements.add(answer.get());
                }
                assertThat(judgements)
                        .filteredOn(Judgement.Accepted.class::isInstance)
                        .hasSize(1);
                assertThat(judgements)
                        .filteredOn(Judgement.Duplicate.class::isInstance)
                        .hasSize(copies - 1);
                assertThat(judgements)
                        .extracting(Judgement::id)
                        .containsOnly(judgements.get(0).id());
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(count("run")).isEqualTo(5);
    }

    private static final String COUNTED = "{\"type\":\"object\",\"required\":[\"rows\",\"day\"],"
            + "\"properties\":{\"rows\":{\"type\":\"integer\",\"minimum\":1},\"day\":{\"type\":\"string\"}}}";

    private void putWithSchema(String group, int version) {
        groups.put(aGroup(group)
                .version(version)
                .with(aSyncTask("a"))
                .triggeredBy(new TriggerRule(SOURCE, TYPE, null, null, COUNTED)));
    }

    @Test
    void dataThatBreaksTheSchemaOfOneRuleRejectsTheWholeMessageAndTellsAll() {
        putWithSchema("counted", 1);

        var refused = (Judgement.Refused) intake.accept(event("1", ",\"data\":{\"rows\":0}"), SENDER);

        assertThat(refused.status()).isEqualTo(TriggerStatus.REJECTED);
        assertThat(refused.problem().status()).isEqualTo(422);
        assertThat(refused.problem().type()).endsWith("/trigger-data-invalid");
        assertThat(refused.problem().detail()).contains("'counted'");
        assertThat(refused.problem().errors())
                .extracting(ProblemError::pointer)
                .containsExactlyInAnyOrder("/data", "/data/rows");
        assertThat(count("run")).isZero();
        var kept = messages.find(refused.triggerId(), Labels.ALL).orElseThrow();
        assertThat(kept.problem()).contains("/data/rows");
        assertThat(signals.raised()).singleElement().satisfies(signal -> {
            assertThat(signal.condition()).isEqualTo(AlertCondition.REJECTED_TRIGGER);
            assertThat(signal.subject()).isEqualTo("trigger:" + refused.triggerId());
            assertThat(signal.group()).isEqualTo("counted");
            assertThat(signal.cause()).isEqualTo("/billing extract.ready trigger-data-invalid");
        });
        for (String members : List.of("", ",\"datacontenttype\":\"text/plain\",\"data\":\"x\"", ",\"data\":null")) {
            assertThat(intake.accept(event("1", members), SENDER))
                    .as(members)
                    .isInstanceOfSatisfying(
                            Judgement.Refused.class,
                            other -> assertThat(other.problem().errors())
                                    .extracting(ProblemError::pointer)
                                    .containsExactly("/data"));
        }
        assertThat(accepted("1", ",\"data\":{\"rows\":1,\"day\":\"d\"}").runs()).hasSize(2);
    }

    @Test
    void aStartByHandOrByTimeIsNotCheckedAgainstTheRule() {
        putWithSchema("counted", 1);

        assertThat(intake.start("counted", null, "ada", null, null, null, null)).isInstanceOf(Judgement.Accepted.class);
        assertThat(intake.fire("counted", NOON)).isInstanceOf(Judgement.Accepted.class);
    }

    @Test
    void aTrialTellsWhatWouldRunAndStoresNothing() {
        assertThat(intake.tryOut(event("1", ""), SENDER))
                .isInstanceOfSatisfying(
                        Judgement.Accepted.class,
                        trial -> assertThat(trial.runs())
                                .extracting(StartedRun::group)
                                .containsExactly("daily"));
        putWithSchema("counted", 1);
        assertThat(intake.tryOut(event("1", ""), SENDER)).isInstanceOf(Judgement.Refused.class);
        owners.put(SOURCE, Set.of("crm"));
        assertThat(intake.tryOut(event("1", ""), SENDER)).isInstanceOf(Judgement.Forbidden.class);

        assertThat(count("trigger_message")).isZero();
        assertThat(count("run")).isZero();
        assertThat(published).isEmpty();
        assertThat(signals.raised()).isEmpty();
        owners.clear();
        groups.put(aGroup("counted").version(2).with(aSyncTask("a")));
        var first = accepted("1", "");
        assertThat(intake.tryOut(event("1", ""), SENDER))
                .isInstanceOfSatisfying(
                        Judgement.Duplicate.class,
                        copy -> assertThat(copy.triggerId()).isEqualTo(first.triggerId()));
    }

    @Test
    void aCorrectedCopyOfARejectedMessageIsJudgedAfreshAndBothKnowOfEachOther() {
        putWithSchema("counted", 1);
        var refused = (Judgement.Refused)
                intake.accept(event("1", ",\"subject\":\"d\",\"data\":{\"rows\":0,\"day\":\"d\"}"), SENDER);

        var again = (Judgement.Refused) resubmitted(refused.triggerId(), "{\"rows\":-1,\"day\":\"d\"}", null);
        var copy = (Judgement.Accepted)
                resubmitted(again.triggerId(), "{\"rows\":1,\"day\":\"d\"}", "{\"subject\":\"e\"}");

        assertThat(copy.runs()).hasSize(2);
        assertThat(ofRun(copy.runs().get(0).runId(), "business_key")).isEqualTo("e");
        var kept = messages.find(copy.triggerId(), Labels.ALL).orElseThrow();
        assertThat(kept.messageId()).isEqualTo("1");
        assertThat(kept.resubmitOf()).isEqualTo(again.triggerId());
        assertThat(kept.clientId()).isEqualTo("ada");
        assertThat(kept.systemKey()).isEqualTo("billing");
        assertThat(messages.copies(List.of(refused.triggerId(), again.triggerId())))
                .extracting(TriggerMessages.Copy::of, TriggerMessages.Copy::triggerId)
                .containsExactlyInAnyOrder(
                        org.assertj.core.api.Assertions.tuple(refused.triggerId(), again.triggerId()),
                        org.assertj.core.api.Assertions.tuple(again.triggerId(), copy.triggerId()));
        assertThat(signals.cured())
                .containsExactly(
                        "REJECTED_TRIGGER trigger:" + again.triggerId(),
                        "REJECTED_TRIGGER trigger:" + refused.triggerId());
        assertThatThrownBy(() -> resubmitted(again.triggerId(), null, null))
                .isInstanceOfSatisfying(ProblemException.class, problem -> {
                    assertThat(problem.status()).isEqualTo(409);
                    assertThat(problem.detail()).contains(copy.triggerId());
                });
        assertThatThrownBy(() -> resubmitted(copy.triggerId(), null, null))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        problem -> assertThat(problem.status()).isEqualTo(409));
        assertThat(intake.resubmit(new Correction("none", null, null), "ada", null, false))
                .isEmpty();
    }

    @Test
    void aMessageThatItsSenderSendsAgainAndThatIsTakenCuresTheRejectedOnes() {
        putWithSchema("counted", 1);
        var first = (Judgement.Refused) intake.accept(event("1", ",\"data\":{\"rows\":0,\"day\":\"d\"}"), SENDER);
        var second = (Judgement.Refused) intake.accept(event("1", ",\"data\":{\"rows\":-1,\"day\":\"d\"}"), SENDER);
        intake.accept(event("2", ",\"data\":{\"rows\":0,\"day\":\"d\"}"), SENDER);
        assertThat(signals.cured()).isEmpty();

        var taken = intake.accept(event("1", ",\"data\":{\"rows\":1,\"day\":\"d\"}"), SENDER);

        assertThat(taken).isInstanceOf(Judgement.Accepted.class);
        assertThat(signals.cured())
                .containsExactlyInAnyOrder(
                        "REJECTED_TRIGGER trigger:" + first.triggerId(),
                        "REJECTED_TRIGGER trigger:" + second.triggerId());
    }

    @Test
    void aCorrectionThatIsTakenCuresTheOnesThatWereTriedInItsPlace() {
        putWithSchema("counted", 1);
        var refused = (Judgement.Refused) intake.accept(event("1", ",\"data\":{\"rows\":0,\"day\":\"d\"}"), SENDER);
        var tried = (Judgement.Refused) resubmitted(refused.triggerId(), "{\"rows\":-1,\"day\":\"d\"}", null);
        var triedOnIt = (Judgement.Refused) resubmitted(tried.triggerId(), "{\"rows\":-2,\"day\":\"d\"}", null);

        var copy = resubmitted(refused.triggerId(), "{\"rows\":1,\"day\":\"d\"}", null);

        assertThat(copy).isInstanceOf(Judgement.Accepted.class);
        assertThat(signals.cured())
                .containsExactly(
                        "REJECTED_TRIGGER trigger:" + refused.triggerId(),
                        "REJECTED_TRIGGER trigger:" + tried.triggerId(),
                        "REJECTED_TRIGGER trigger:" + triedOnIt.triggerId());
    }

    @Test
    void aCorrectionKeepsToTheSourcesOfItsSystemAndMakesAnEvent() {
        var refused = (Judgement.Refused) intake.accept(
                CloudEventReader.structured(
                        "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/other\",\"type\":\"t\"}"
                                .getBytes(StandardCharsets.UTF_8)),
                SENDER);
        owners.put(SOURCE, Set.of("crm"));

        assertThat(resubmitted(refused.triggerId(), null, "{\"source\":\"/billing\"}"))
                .isInstanceOf(Judgement.Forbidden.class);
        assertThatThrownBy(() -> resubmitted(refused.triggerId(), null, "{\"id\":null,\"time\":\"noon\"}"))
                .isInstanceOfSatisfying(ProblemException.class, problem -> {
                    assertThat(problem.status()).isEqualTo(422);
                    assertThat(problem.errors())
                            .extracting(ProblemError::pointer)
                            .containsExactlyInAnyOrder("/attributes/id", "/attributes/time");
                });
        assertThat(count("trigger_message")).isEqualTo(1);
    }

    @Test
    void aRecordThatIsNoEventIsKeptOnceAndCanBeReplayed() {
        var body = "{\"specversion\":\"1.0\",\"id\":\"7\",\"source\":\"/billing\",\"subject\":\"d\"}";
        var unreadable = new UnreadableRecord(
                "syncline.triggers", 2, 41, Map.of("content-type", "x"), body.getBytes(StandardCharsets.UTF_8));
        var problem = new MalformedEventException(
                        List.of(new MalformedEventException.Fault("/type", "is required", "required")))
                .problem();
        var sender = new Sender("kafka:syncline.triggers", "billing", "KAFKA", null);

        intake.keepUnreadable(unreadable, problem, sender);
        intake.keepUnreadable(unreadable, problem, sender);

        assertThat(signals.raised()).hasSize(1);
        var kept = messages.list(
                new JdbcTriggerMessages.Filter("/syncline/kafka/syncline.triggers/2", "41", null, null, null),
                null,
                10,
                Labels.ALL);
        assertThat(kept).singleElement().satisfies(message -> {
            assertThat(message.status()).isEqualTo(TriggerStatus.REJECTED);
            assertThat(message.problem()).contains("/type");
            assertThat(message.eventBody())
                    .contains(java.util.Base64.getEncoder().encodeToString(body.getBytes(StandardCharsets.UTF_8)));
        });
        var copy = (Judgement.Accepted) resubmitted(kept.get(0).triggerId(), null, "{\"type\":\"extract.ready\"}");
        assertThat(ofRun(copy.runs().get(0).runId(), "business_key")).isEqualTo("d");
    }

    private void putWithVerify(Duration giveUpAfter) {
        putWithVerify("/x/{id}?of={data.of}", giveUpAfter);
    }

    private void putWithVerify(String path, Duration giveUpAfter) {
        groups.put(aGroup("weekly")
                .with(aSyncTask("a"))
                .triggeredBy(new TriggerRule(
                        SOURCE,
                        TYPE,
                        null,
                        new Verification("billing", path, Duration.ofSeconds(60), giveUpAfter),
                        null)));
    }

    private Verifier verifier(ScriptedSource source) {
        var jdbc = new NamedParameterJdbcTemplate(database().dataSource());
        return new Verifier(
                new JdbcVerifications(jdbc),
                messages,
                groups,
                new OwnedSources(),
                runs,
                source,
                signals,
                clock,
                database().transactions(),
                true);
    }

    private static void look(Verifier verifier) throws InterruptedException {
        for (int i = 0; i < 2; i++) {
            verifier.round(Duration.ofMillis(1));
        }
    }

    @Test
    void aMessageThatIsVerifiedStartsAllItsRunsOnceItsSourceHasTheRecord() throws Exception {
        putWithVerify(Duration.ofSeconds(300));
        var source = new ScriptedSource(404, 500, 200);
        var verifier = verifier(source);

        var judgement = intake.accept(event("a/1 ü", ",\"data\":{\"of\":\"x&y\"}"), SENDER);

        assertThat(judgement).isInstanceOf(Judgement.Verifying.class);
        var triggerId = judgement.id();
        assertThat(count("run")).isZero();
        assertThat(intake.accept(event("a/1 ü", ",\"data\":{\"of\":\"x&y\"}"), SENDER))
                .isInstanceOfSatisfying(Judgement.Duplicate.class, copy -> {
                    assertThat(copy.triggerId()).isEqualTo(triggerId);
                    assertThat(copy.status()).isEqualTo(TriggerStatus.VERIFYING);
                    assertThat(copy.runs()).isEmpty();
                });
        look(verifier);
        assertThat(source.paths()).isEmpty();
        clock.advance(Duration.ofSeconds(60));
        look(verifier);
        assertThat(source.paths()).containsExactly("billing GET /x/a%2F1%20%C3%BC?of=x%26y");
        look(verifier);
        assertThat(source.paths()).hasSize(1);
        clock.advance(Duration.ofSeconds(60));
        look(verifier);
        clock.advance(Duration.ofSeconds(2));
        look(verifier);

        assertThat(source.paths()).hasSize(3);
        assertThat(messages.find(triggerId, Labels.ALL).orElseThrow().status()).isEqualTo(TriggerStatus.ACCEPTED);
        assertThat(runs.ofTrigger(triggerId)).hasSize(2);
        assertThat(count("trigger_verification")).isZero();
        assertThat(intake.accept(event("a/1 ü", ",\"data\":{\"of\":\"x&y\"}"), SENDER))
                .isInstanceOfSatisfying(
                        Judgement.Duplicate.class,
                        copy -> assertThat(copy.runs()).hasSize(2));
    }

    @Test
    void aRecordThatIsNotThereInTimeDiscardsTheMessageAndItsIdIsNotUsedUp() throws Exception {
        putWithVerify(Duration.ofSeconds(90));
        var source = new ScriptedSource(404, 404);
        var verifier = verifier(source);
        var triggerId =
                intake.accept(event("1", ",\"data\":{\"of\":1}"), SENDER).id();

        clock.advance(Duration.ofSeconds(60));
        look(verifier);
        clock.advance(Duration.ofSeconds(30));
        look(verifier);

        var kept = messages.find(triggerId, Labels.ALL).orElseThrow();
        assertThat(kept.status()).isEqualTo(TriggerStatus.DISCARDED);
        assertThat(kept.problem()).contains("found no record until");
        assertThat(count("run")).isZero();
        assertThat(count("trigger_verification")).isZero();
        assertThat(intake.accept(event("1", ",\"data\":{\"of\":1}"), SENDER)).isInstanceOf(Judgement.Verifying.class);
    }

    @Test
    void aSourceThatDoesNotAnswerIsAskedOnAndPeopleHearOfItOnce() throws Exception {
        putWithVerify(Duration.ofSeconds(90));
        var source = new ScriptedSource(500, 401, 302, 0, 503, 500, 500, 200);
        var verifier = verifier(source);
        var triggerId =
                intake.accept(event("1", ",\"data\":{\"of\":1}"), SENDER).id();

        for (int i = 0; i < 7; i++) {
            clock.advance(Duration.ofMinutes(7));
            look(verifier);
        }

        assertThat(signals.raised()).singleElement().satisfies(signal -> {
            assertThat(signal.subject()).isEqualTo("trigger:" + triggerId);
            assertThat(signal.system()).isEqualTo("billing");
            assertThat(signal.detail()).contains("was answered 503");
        });
        assertThat(messages.find(triggerId, Labels.ALL).orElseThrow().status()).isEqualTo(TriggerStatus.VERIFYING);
        clock.advance(Duration.ofMinutes(7));
        look(verifier);
        assertThat(runs.ofTrigger(triggerId)).hasSize(2);
        assertThat(signals.cured()).containsExactly("REJECTED_TRIGGER trigger:" + triggerId);
    }

    @Test
    void aLookThatNobodyAnswersForIsMadeAgainByAnotherNodeAndTheOldAnswerChangesNothing() throws Exception {
        putWithVerify(Duration.ofSeconds(300));
        var silent = new ScriptedSource();
        var lost = verifier(silent);
        var other = verifier(new ScriptedSource(200));
        var triggerId =
                intake.accept(event("1", ",\"data\":{\"of\":1}"), SENDER).id();
        clock.advance(Duration.ofSeconds(60));

        look(lost);
        look(other);
        assertThat(runs.ofTrigger(triggerId)).isEmpty();
        clock.advance(Duration.ofSeconds(31));
        look(other);
        silent.answerAll(404);
        look(lost);

        assertThat(runs.ofTrigger(triggerId)).hasSize(2);
        assertThat(messages.find(triggerId, Labels.ALL).orElseThrow().status()).isEqualTo(TriggerStatus.ACCEPTED);
    }

    @Test
    void aGroupThatWasDeletedMeanwhileStartsNothing() throws Exception {
        putWithVerify(Duration.ofSeconds(300));
        var triggerId =
                intake.accept(event("1", ",\"data\":{\"of\":1}"), SENDER).id();
        groups.remove("weekly");
        groups.remove("daily");
        clock.advance(Duration.ofSeconds(60));

        look(verifier(new ScriptedSource(200)));

        assertThat(messages.find(triggerId, Labels.ALL).orElseThrow().status()).isEqualTo(TriggerStatus.DISCARDED);
        assertThat(count("run")).isZero();
    }

    @Test
    void aMessageThatLacksAPlaceOfThePathIsRejected() {
        putWithVerify(Duration.ofSeconds(300));

        assertThat(intake.accept(event("1", ""), SENDER)).isInstanceOf(Judgement.Refused.class);
    }

    @Test
    void looksThatCannotBeSentTakeNoRoomFromOthers() throws Exception {
        putWithVerify(Duration.ofSeconds(300));
        var source = new ScriptedSource(200);
        source.breaksForTheNext(Verifier.MOST_UNDER_WAY + 4);
        var verifier = verifier(source);
        var triggerId =
                intake.accept(event("1", ",\"data\":{\"of\":1}"), SENDER).id();
        clock.advance(Duration.ofSeconds(60));

        for (int i = 0; i < Verifier.MOST_UNDER_WAY + 5; i++) {
            look(verifier);
            clock.advance(Duration.ofSeconds(31));
        }

        assertThat(messages.find(triggerId, Labels.ALL).orElseThrow().status()).isEqualTo(TriggerStatus.ACCEPTED);
    }

    @Test
    void aSystemThatWasDeletedIsAFailedLookThatPeopleHearOf() throws Exception {
        putWithVerify(Duration.ofSeconds(300));
        var source = new ScriptedSource(200);
        source.slots(0);
        known.clear();
        var verifier = verifier(source);
        var triggerId =
                intake.accept(event("1", ",\"data\":{\"of\":1}"), SENDER).id();

        for (int i = 0; i < 6; i++) {
            clock.advance(Duration.ofMinutes(7));
            look(verifier);
        }

        assertThat(signals.raised()).singleElement().satisfies(signal -> {
            assertThat(signal.subject()).isEqualTo("trigger:" + triggerId);
            assertThat(signal.detail()).contains("there is no system 'billing'");
        });
        assertThat(source.paths()).isEmpty();
    }

    @Test
    void aLookForWhichNoSlotIsFreeWaitsSomeSecondsAndIsNoFailure() throws Exception {
        putWithVerify(Duration.ofSeconds(300));
        var source = new ScriptedSource(200);
        source.slots(0);
        var verifier = verifier(source);
        var triggerId =
                intake.accept(event("1", ",\"data\":{\"of\":1}"), SENDER).id();
        clock.advance(Duration.ofSeconds(60));

        look(verifier);
        source.slots(1);
        clock.advance(Duration.ofSeconds(3));
        look(verifier);
        assertThat(source.paths()).isEmpty();
        clock.advance(Duration.ofSeconds(4));
        look(verifier);

        assertThat(runs.ofTrigger(triggerId)).hasSize(2);
        assertThat(signals.raised()).isEmpty();
    }

    @Test
    void anOutcomeThatCannotBeWrittenForALastingReasonCountsAsAFailure() throws Exception {
        putWithVerify(Duration.ofSeconds(300));
        var verifier = verifier(new ScriptedSource(200, 200, 200, 200, 200, 200, 200));
        var triggerId =
                intake.accept(event("1", ",\"data\":{\"of\":1}"), SENDER).id();
        var body = messages.find(triggerId, Labels.ALL).orElseThrow().eventBody();
        keepBody(triggerId, "{}");

        for (int i = 0; i < 6; i++) {
            clock.advance(Duration.ofMinutes(7));
            look(verifier);
        }

        assertThat(signals.raised()).singleElement().satisfies(signal -> {
            assertThat(signal.subject()).isEqualTo("trigger:" + triggerId);
            assertThat(signal.detail()).contains("could not be judged");
        });
        assertThat(messages.find(triggerId, Labels.ALL).orElseThrow().status()).isEqualTo(TriggerStatus.VERIFYING);
        keepBody(triggerId, body);
        clock.advance(Duration.ofMinutes(7));
        look(verifier);
        assertThat(runs.ofTrigger(triggerId)).hasSize(2);
        assertThat(signals.cured()).containsExactly("REJECTED_TRIGGER trigger:" + triggerId);
    }

    private void keepBody(String triggerId, String body) {
        database()
                .jdbc()
                .sql("update trigger_message set event_body = ? where trigger_id = ?")
                .params(body, triggerId)
                .update();
    }

    @Test
    void aPathThatWouldLeadElsewhereOrIsTooLongIsRejected() {
        for (var climbing : List.of(
                Map.entry("/x/{id}/y", ".."),
                Map.entry("/x/{id}", "."),
                Map.entry("/x/{id}?a=b", "a/../../b"),
                Map.entry("/x/{id}", "..\\\\y"),
                Map.entry("/x/%2E{id}/y", "."),
                Map.entry("/x/.{id}", "."),
                Map.entry("/x/{data.of}", "long"),
                Map.entry("/x?of={data.of}", "long"))) {
            putWithVerify(climbing.getKey(), Duration.ofSeconds(300));

            var of = climbing.getValue().equals("long") ? "ü".repeat(400) : "1";
            var judgement = intake.accept(event(climbing.getValue(), ",\"data\":{\"of\":\"" + of + "\"}"), SENDER);

            assertThat(judgement).as(climbing.toString()).isInstanceOfSatisfying(Judgement.Refused.class, refused -> {
                assertThat(refused.status()).isEqualTo(TriggerStatus.REJECTED);
                assertThat(refused.problem().type()).endsWith("/trigger-data-invalid");
            });
        }
        putWithVerify(Duration.ofSeconds(300));
        for (String id : List.of("...", "..a", "a.b", "v1..2", "%2e%2e")) {
            assertThat(intake.accept(event(id, ",\"data\":{\"of\":\"../..\"}"), SENDER))
                    .as(id)
                    .isInstanceOf(Judgement.Verifying.class);
        }
    }

    @Test
    void aMessageThatIsTriedOutWhileItsCopyComesIsADuplicate() {
        meanwhile.set(() -> accepted("1", ""));

        assertThat(intake.tryOut(event("1", ""), SENDER)).isInstanceOf(Judgement.Duplicate.class);

        assertThat(count("run")).isEqualTo(1);
    }

    @Test
    void listsAreFilteredByTypeAndTimeOfArrival() {
        accepted("1", "");
        clock.advance(java.time.Duration.ofMinutes(1));
        accepted("2", "");

        assertThat(ids(null, NOON.plusSeconds(1), null)).containsExactly("2");
        assertThat(ids(null, NOON, NOON.plusSeconds(60))).containsExactly("1");
        assertThat(ids(TYPE, null, null)).containsExactly("2", "1");
        assertThat(ids("other", null, null)).isEmpty();
    }

    private List<String> ids(@Nullable String type, java.time.@Nullable Instant from, java.time.@Nullable Instant to) {
        return messages
                .list(
                        new JdbcTriggerMessages.Filter(SOURCE, null, null, null, null, type, from, to),
                        null,
                        10,
                        Labels.ALL)
                .stream()
                .map(StoredMessage::messageId)
                .toList();
    }

    @Test
    void listsAreFilteredAndPagedNewestFirst() {
        for (int i = 0; i < 5; i++) {
            clock.advance(java.time.Duration.ofSeconds(1));
            accepted("m" + i, "");
        }
        var all = new JdbcTriggerMessages.Filter(null, null, null, null, null);

        var first = messages.list(all, null, 3, Labels.ALL);
        var last = first.get(2);
        var rest =
                messages.list(all, new JdbcTriggerMessages.After(last.receivedAt(), last.triggerId()), 3, Labels.ALL);

        assertThat(first).extracting(StoredMessage::messageId).containsExactly("m4", "m3", "m2");
        assertThat(rest).extracting(StoredMessage::messageId).containsExactly("m1", "m0");
        assertThat(messages.list(new JdbcTriggerMessages.Filter(null, null, null, "other", "crm"), null, 9, Labels.ALL))
                .isEmpty();
        assertThat(messages.list(
                        new JdbcTriggerMessages.Filter(null, null, null, "other", "billing"), null, 9, Labels.ALL))
                .hasSize(5);
        assertThat(messages.list(
                        new JdbcTriggerMessages.Filter(SOURCE, "m1", TriggerStatus.REJECTED, null, null),
                        null,
                        9,
                        Labels.ALL))
                .isEmpty();
    }

    // ---- several together

    private List<Intake.Judged> together(CloudEvent... events) {
        return intake.accept(
                Arrays.stream(events).map(event -> Arrival.of(event, SENDER)).toList());
    }

    @Test
    void messagesThatComeTogetherAreJudgedInTheirOrderEachForItself() {
        var judged = together(
                event("1", ",\"subject\":\"a\""),
                event("2", ",\"subject\":\"a\""),
                event("1", ",\"subject\":\"a\""),
                event("2", ",\"subject\":\"b\""),
                CloudEventReader.structured(
                        "{\"specversion\":\"1.0\",\"id\":\"3\",\"source\":\"/x\",\"type\":\"nobody.takes\"}"
                                .getBytes(StandardCharsets.UTF_8)),
                event("4", ",\"subject\":\"b\""));

        assertThat(judged).extracting(Intake.Judged::failure).containsOnlyNulls();
        var first = (Judgement.Accepted) judged.get(0).get();
        assertThat(first.runs()).extracting(StartedRun::state).containsExactly(RunState.RUNNING);
        assertThat(((Judgement.Accepted) judged.get(1).get()).runs())
                .extracting(StartedRun::state)
                .containsExactly(RunState.QUEUED);
        assertThat(judged.get(2).get()).isInstanceOfSatisfying(Judgement.Duplicate.class, copy -> {
            assertThat(copy.triggerId()).isEqualTo(first.triggerId());
            assertThat(copy.runs()).isEqualTo(first.runs());
        });
        assertThat(judged.get(3).get())
                .isInstanceOfSatisfying(
                        Judgement.Refused.class,
                        refused -> assertThat(refused.status()).isEqualTo(TriggerStatus.CONFLICT));
        assertThat(judged.get(4).get())
                .isInstanceOfSatisfying(
                        Judgement.Refused.class,
                        refused -> assertThat(refused.status()).isEqualTo(TriggerStatus.REJECTED));
        assertThat(((Judgement.Accepted) judged.get(5).get()).runs())
                .extracting(StartedRun::state)
                .containsExactly(RunState.RUNNING);
        assertThat(count("trigger_message")).isEqualTo(5);
        assertThat(messages.find(first.triggerId(), Labels.ALL).orElseThrow().copies())
                .isEqualTo(1);
    }

    @Test
    void oneThatFindsItsQueueFullTakesNoneOfTheOthersWithIt() {
        groups.put(aGroup("daily").maxQueued(1).with(aSyncTask("a")).triggeredBy(SOURCE, TYPE));

        var judged =
                together(event("1", ""), event("2", ""), event("3", ""), event("4", ",\"subject\":\"of its own\""));

        assertThat(judged.get(0).get()).isInstanceOf(Judgement.Accepted.class);
        assertThat(judged.get(1).get()).isInstanceOf(Judgement.Accepted.class);
        assertThatThrownBy(() -> judged.get(2).get())
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        problem -> assertThat(problem.status()).isEqualTo(429));
        assertThat(judged.get(3).get()).isInstanceOf(Judgement.Accepted.class);
        assertThat(count("trigger_message")).isEqualTo(3);
        assertThat(count("run")).isEqualTo(3);
    }

    @Test
    void oneThatCannotBeJudgedTakesNoneOfTheOthersWithIt() {
        groups.failOn("poison");
        var poison = CloudEventReader.structured(
                ("{\"specversion\":\"1.0\",\"id\":\"2\",\"source\":\"" + SOURCE + "\",\"type\":\"poison\"}")
                        .getBytes(StandardCharsets.UTF_8));

        var judged = together(event("1", ""), poison, event("3", ""));

        assertThat(judged.get(0).get()).isInstanceOf(Judgement.Accepted.class);
        assertThatThrownBy(() -> judged.get(1).get()).hasMessageContaining("poison");
        assertThat(judged.get(2).get()).isInstanceOf(Judgement.Accepted.class);
        assertThat(count("trigger_message")).isEqualTo(2);
    }

    @Test
    void aCopyThatIsCommittedMeanwhileMakesACopyOfOneAmongSeveral() {
        meanwhile.set(() -> accepted("2", ""));

        var judged = together(event("1", ""), event("2", ""), event("3", ""));

        assertThat(judged.get(0).get()).isInstanceOf(Judgement.Accepted.class);
        assertThat(judged.get(1).get()).isInstanceOf(Judgement.Duplicate.class);
        assertThat(judged.get(2).get()).isInstanceOf(Judgement.Accepted.class);
        assertThat(count("trigger_message")).isEqualTo(3);
        assertThat(count("run")).isEqualTo(3);
    }

    @Test
    void whatWasRejectedBeforeIsCuredAlsoByOneAmongSeveral() {
        groups.put(aGroup("daily").version(2).with(aSyncTask("a")));
        var rejected = (Judgement.Refused) intake.accept(event("1", ""), SENDER);
        groups.put(aGroup("daily").version(3).with(aSyncTask("a")).triggeredBy(SOURCE, TYPE));

        together(event("0", ""), event("1", ""), event("2", ""));

        assertThat(signals.cured())
                .containsExactly(AlertCondition.REJECTED_TRIGGER + " " + AlertSignal.trigger(rejected.triggerId()));
    }

    /** Drawn messages for groups of each policy come to the same runs whether they are judged one by one or in lots. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void messagesComeTogetherToWhatTheyComeToOneByOne(long seed) {
        List.of(WhenActive.values())
                .forEach(policy -> groups.put(aGroup("g-" + policy)
                        .whenActive(policy)
                        .parallel(2)
                        .with(aSyncTask("a"))
                        .triggeredBy(SOURCE, policy.name())));
        var drawn = new ArrayList<CloudEvent>();
        var random = new Random(seed);
        for (int i = 0; i < 60; i++) {
            var policy = WhenActive.values()[random.nextInt(WhenActive.values().length)];
            var partition = random.nextInt(4) == 0 ? ",\"partitionkey\":\"p" + random.nextInt(2) + "\"" : "";
            drawn.add(CloudEventReader.structured(
                    """
                    {"specversion":"1.0","id":"%d","source":"%s","type":"%s","subject":"k%d"%s}""".formatted(random.nextInt(50), SOURCE, policy, random.nextInt(3), partition)
                            .getBytes(StandardCharsets.UTF_8)));
        }
        drawn.forEach(event -> intake.accept(event, SENDER));
        var oneByOne = outcome();
        clear();

        for (int from = 0; from < drawn.size(); ) {
            int to = Math.min(drawn.size(), from + 1 + random.nextInt(20));
            together(drawn.subList(from, to).toArray(CloudEvent[]::new))
                    .forEach(judged -> assertThat(judged.failure()).isNull());
            from = to;
        }

        assertThat(outcome()).isEqualTo(oneByOne);
        assertThat(oneByOne).hasSizeGreaterThan(40);
    }

    /** Each run by its message, with its state and its place behind others of its key; and each message. */
    private List<String> outcome() {
        return database()
                .jdbc()
                .sql("""
                        select m.message_id, m.event_type, m.status, r.group_key, r.ordering_key, r.state,
                               (select count(*) from run o
                                 where o.group_key = r.group_key and o.ordering_key = r.ordering_key
                                   and o.queue_place < r.queue_place) as ahead,
                               (select count(*) from task_run t
                                 where t.run_id = r.run_id and t.due_at is not null) as due
                          from trigger_message m
                          left join run r on r.trigger_id = m.trigger_id
                         order by m.message_id, m.event_type, m.status, r.group_key, m.content_hash
                        """)
                .query((row, number) -> String.join(
                        " ",
                        row.getString(1),
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        row.getString(5),
                        row.getString(6),
                        row.getString(7),
                        row.getString(8)))
                .list();
    }
}
