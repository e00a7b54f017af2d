package io.syncline.scheduler.faults;

import static io.syncline.scheduler.testing.GroupFixture.aGroup;
import static io.syncline.scheduler.testing.TaskFixture.aSyncTask;
import static io.syncline.scheduler.testing.TaskFixture.anAsyncTask;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.faults.Calls;
import io.syncline.faults.FaultyDataSource;
import io.syncline.faults.Flow;
import io.syncline.faults.Sweep;
import io.syncline.scheduler.catalog.Misfire;
import io.syncline.scheduler.catalog.Schedule;
import io.syncline.scheduler.run.ActionResult;
import io.syncline.scheduler.run.Operator;
import io.syncline.scheduler.testing.GroupFixture;
import io.syncline.scheduler.testing.SettableClock;
import io.syncline.scheduler.testing.TestDatabase;
import io.syncline.scheduler.trigger.TestIntakes;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.springframework.http.ResponseEntity;

/**
 * Each flow of the scheduler, once for each of its calls that fails and each way in which it can fail. Whatever fails, what
 * was answered stands, what was not can be sent again, each run comes to its one end and nothing stays held.
 */
abstract class SchedulerSweep {

    private static final String SOURCE = "/billing";
    private static final String STRUCTURED = "application/cloudevents+json";
    private static final String BATCH = "application/cloudevents-batch+json";
    private static final Operator OPERATOR = new Operator("ada", "wrong file");

    private final Calls jdbc = new Calls("JDBC");
    private final Calls http = new Calls("HTTP");
    private final Calls kafka = new Calls("KAFKA");
    private final List<Sweep.Tried> tried = new ArrayList<>();

    abstract TestDatabase database();

    /** A statement that fails, where a transaction cannot go on after that. */
    abstract @Nullable String abort();

    private abstract class SchedulerFlow implements Flow {

        final OneScheduler node;

        SchedulerFlow(FaultySystem.Behaviour behaviour, GroupFixture... groups) {
            var source = new FaultyDataSource(database().dataSource(), jdbc, abort());
            node = new OneScheduler(database(), source, http, behaviour);
            for (var group : groups) {
                node.groups.put(group);
            }
        }

        @Override
        public void finish() {
            node.untilAllEnded();
        }

        @Override
        public void check() {
            node.checkWhatIsLeft();
        }

        void completed(int runs) {
            assertThat(node.runStates()).hasSize(runs).containsOnly("COMPLETED");
            node.checkEffects(node.taskRuns().stream().map(task -> task + ".1").toArray(String[]::new));
        }
    }

    private static GroupFixture group(String key) {
        return aGroup(key).triggeredBy(SOURCE, "ready");
    }

    private static String event(int id) {
        return "{\"specversion\":\"1.0\",\"id\":\"" + id + "\",\"source\":\"" + SOURCE
                + "\",\"type\":\"ready\",\"subject\":\"day-" + id + "\",\"data\":{\"n\":1}}";
    }

    private void sweep(TestInfo test, Calls calls, java.util.function.Supplier<Flow> flow) {
        var name = test.getTestMethod().orElseThrow().getName();
        tried.add(Sweep.over(name, calls, flow));
        System.out.println("swept " + tried.get(tried.size() - 1));
    }

    // ---- intake

    /** A sender that sends each message again until it is answered 2xx. */
    private abstract class Sending extends SchedulerFlow {

        private final BiFunction<String, String, ResponseEntity<?>> door;
        private final String type;
        private final String body;
        private boolean answered;

        Sending(String type, String body) {
            super(
                    asked -> FaultySystem.report("COMPLETED"),
                    group("one").with(anAsyncTask("a")),
                    group("two").with(anAsyncTask("b")));
            this.type = type;
            this.body = body;
            door = TestIntakes.rest(node.faulty, node.groups, node.intake, node.runs);
        }

        @Override
        public void go() {
            try {
                var answer = door.apply(type, body);
                answered = answer.getStatusCode().is2xxSuccessful();
                assertAnswerStands(answer);
            } catch (RuntimeException notAnswered) {
                answered = false;
            }
        }

        abstract void assertAnswerStands(ResponseEntity<?> answer);

        @Override
        public void finish() {
            if (!answered) {
                go();
                assertThat(answered).as("answered without a fault").isTrue();
            }
            super.finish();
        }
    }

    private final class OneMessage extends Sending {

        OneMessage() {
            super(STRUCTURED, event(1));
        }

        @Override
        void assertAnswerStands(ResponseEntity<?> answer) {
            assertThat(node.runStates())
                    .as("runs of a message that was answered " + answer.getStatusCode())
                    .hasSize(2);
        }

        @Override
        public void check() {
            super.check();
            completed(2);
            assertThat(node.column("select status from trigger_message")).containsExactly("ACCEPTED");
        }
    }

    @Test
    void triggerOverRest(TestInfo test) {
        sweep(test, jdbc, OneMessage::new);
    }

    private final class Batch extends Sending {

        Batch() {
            super(BATCH, "[" + event(1) + "," + event(2) + "]");
        }

        @Override
        void assertAnswerStands(ResponseEntity<?> answer) {
            var elements = (Collection<?>) java.util.Objects.requireNonNull(answer.getBody());
            assertThat(elements).hasSize(2);
            for (Object element : elements) {
                var id = (String) ((Map<?, ?>) element).get("triggerId");
                assertThat(node.count("select count(*) from run where trigger_id = ?", id))
                        .as("runs of an element that was answered " + element)
                        .isEqualTo(2);
            }
        }

        @Override
        public void check() {
            super.check();
            completed(4);
            assertThat(node.column("select status from trigger_message"))
                    .hasSize(2)
                    .containsOnly("ACCEPTED");
        }
    }

    @Test
    void batchOfTriggers(TestInfo test) {
        sweep(test, jdbc, Batch::new);
    }

    /** A topic of three records, and consumers that begin at what was committed. */
    private final class OverKafka extends SchedulerFlow {

        private static final int RECORDS = 3;
        private final TopicPartition partition = new TopicPartition("triggers", 0);
        private long committed;
        private Consumer<org.apache.kafka.clients.consumer.Consumer<byte[], byte[]>> intake;
        private TopicConsumer consumer;

        OverKafka() {
            super(asked -> FaultySystem.report("COMPLETED"), group("one").with(anAsyncTask("a")));
            open();
        }

        private void open() {
            intake = TestIntakes.kafka(node.intake, partition.topic());
            consumer = new TopicConsumer();
        }

        private final class TopicConsumer extends MockConsumer<byte[], byte[]> {

            TopicConsumer() {
                super("earliest");
                assign(List.of(partition));
                updateBeginningOffsets(Map.of(partition, 0L));
                seek(partition, committed);
            }

            @Override
            public synchronized ConsumerRecords<byte[], byte[]> poll(Duration patience) {
                return called("poll", () -> {
                    if (!paused().contains(partition)) {
                        for (long offset = position(partition); offset < RECORDS; offset++) {
                            addRecord(record(offset));
                        }
                    }
                    return super.poll(Duration.ZERO);
                });
            }

            @Override
            public synchronized void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets) {
                called("commitSync", () -> {
                    super.commitSync(offsets);
                    committed = offsets.get(partition).offset();
                    assertThat(node.count("select count(*) from trigger_message"))
                            .as("messages kept below offset " + committed)
                            .isGreaterThanOrEqualTo((int) committed);
                    return committed;
                });
            }

            private <T> T called(String what, java.util.function.Supplier<T> call) {
                var failure = kafka.next(what);
                if (failure == null) {
                    return call.get();
                }
                if (failure == io.syncline.faults.Failure.MADE_UNHEARD) {
                    call.get();
                }
                throw failure == io.syncline.faults.Failure.REFUSED
                        ? new KafkaException("refused")
                        : new TimeoutException("the connection was lost");
            }
        }

        private ConsumerRecord<byte[], byte[]> record(long offset) {
            var record = new ConsumerRecord<>(
                    partition.topic(),
                    partition.partition(),
                    offset,
                    new byte[0],
                    event((int) offset).getBytes(java.nio.charset.StandardCharsets.UTF_8));
            record.headers().add("content-type", STRUCTURED.getBytes(java.nio.charset.StandardCharsets.UTF_8));
            return record;
        }

        private void round() {
            try {
                intake.accept(consumer);
            } catch (RuntimeException asItsThreadWould) {
                open();
            }
        }

        @Override
        public void go() {
            round();
        }

        @Override
        public void finish() {
            for (int rounds = 0; committed < RECORDS; rounds++) {
                assertThat(rounds).as("rounds of the intake").isLessThan(1000);
                round();
            }
            super.finish();
        }

        @Override
        public void check() {
            super.check();
            completed(RECORDS);
            assertThat(node.column("select status from trigger_message"))
                    .hasSize(RECORDS)
                    .containsOnly("ACCEPTED");
        }
    }

    @Test
    void triggersOverKafka(TestInfo test) {
        sweep(test, jdbc, OverKafka::new);
        sweep(test, kafka, OverKafka::new);
    }

    private final class BySchedule extends SchedulerFlow {

        private boolean made;

        BySchedule() {
            super(
                    asked -> FaultySystem.report("COMPLETED"),
                    aGroup("timed")
                            .scheduled(new Schedule("0 0/5 * * * ?", ZoneId.of("UTC"), Misfire.FIRE_ONCE))
                            .with(anAsyncTask("a")));
            node.align();
            node.time.set(SettableClock.NOON.plus(Duration.ofMinutes(5)));
        }

        @Override
        public void go() {
            made = node.turn("timed");
        }

        @Override
        public void finish() {
            if (!made) {
                assertThat(node.turn("timed")).as("the turn without a fault").isTrue();
            }
            assertThat(node.turn("timed")).as("a turn too many").isTrue();
            super.finish();
        }

        @Override
        public void check() {
            super.check();
            completed(1);
            assertThat(node.column("select message_id from trigger_message")).hasSize(1);
            assertThat(node.count("select count(*) from missed_start")).isZero();
        }
    }

    @Test
    void scheduleFires(TestInfo test) {
        sweep(test, jdbc, BySchedule::new);
    }

    // ---- calls

    /** A run of two tasks, one behind the other, is there; faults strike while it is worked off. */
    private abstract class Worked extends SchedulerFlow {

        Worked(FaultySystem.Behaviour behaviour, GroupFixture group) {
            super(behaviour, group);
            TestIntakes.send(node.intake, event(1));
        }

        @Override
        public void go() {
            for (int step = 0; step < 2; step++) {
                node.round();
                node.writeOutcomes();
                node.renewLeases();
            }
        }

        final String task(int number) {
            return node.taskRuns().get(number);
        }
    }

    private static GroupFixture twoTasks() {
        return group("daily").with(aSyncTask("a"), aSyncTask("b"));
    }

    private final class AnsweredAtOnce extends Worked {

        AnsweredAtOnce() {
            super(asked -> FaultySystem.report("COMPLETED"), twoTasks());
        }

        @Override
        public void check() {
            super.check();
            completed(1);
            var second = node.downstream.asked().stream()
                    .map(FaultySystem.Asked::path)
                    .toList();
            assertThat(second.lastIndexOf("/sync/a"))
                    .as("calls of the first task end before those of the second")
                    .isLessThan(second.indexOf("/sync/b"));
        }
    }

    @Test
    void callAnsweredCompleted(TestInfo test) {
        sweep(test, jdbc, AnsweredAtOnce::new);
        sweep(test, http, AnsweredAtOnce::new);
    }

    /** Accepts, and reports by callback. */
    private final class Reported extends Worked {

        private boolean reported;

        Reported() {
            super(asked -> FaultySystem.answer(202, ""), group("daily").with(aSyncTask("a")));
        }

        @Override
        public void go() {
            node.round();
            reportWhatWasAsked();
            node.writeOutcomes();
        }

        private void reportWhatWasAsked() {
            if (!reported && !node.downstream.asked().isEmpty()) {
                reported = true;
                node.report(task(0), 1, "RUNNING");
                node.report(task(0), 1, "COMPLETED");
            }
        }

        @Override
        public void finish() {
            node.until("the call", () -> !node.downstream.asked().isEmpty());
            reportWhatWasAsked();
            super.finish();
        }

        @Override
        public void check() {
            super.check();
            completed(1);
            assertThat(node.column("select status from callback order by received_at, status desc"))
                    .containsExactlyInAnyOrder("RUNNING", "COMPLETED");
        }
    }

    @Test
    void callAcceptedAndReported(TestInfo test) {
        sweep(test, jdbc, Reported::new);
        sweep(test, http, Reported::new);
    }

    /** Reports FAILED at its first attempt, fails by status at its second, and then completes. */
    private final class Retried extends Worked {

        private static final int ATTEMPTS = 2;

        Retried() {
            super(
                    new FaultySystem.Behaviour() {
                        private boolean busy = true;

                        @Override
                        public io.syncline.scheduler.outbound.Reply answer(FaultySystem.Asked asked) {
                            if (asked.attempt() < ATTEMPTS) {
                                return FaultySystem.report("FAILED");
                            }
                            if (busy) {
                                busy = false;
                                return FaultySystem.answer(503, "");
                            }
                            return FaultySystem.report("COMPLETED");
                        }
                    },
                    group("daily").with(aSyncTask("a")));
        }

        @Override
        public void go() {
            for (int step = 0; step < 3; step++) {
                node.round();
                node.writeOutcomes();
                node.time.advance(Duration.ofSeconds(12));
                node.renewLeases();
            }
            node.sweep();
        }

        @Override
        public void check() {
            super.check();
            assertThat(node.runStates()).containsExactly("COMPLETED");
            node.checkEffects(IntStream.rangeClosed(1, ATTEMPTS)
                    .mapToObj(attempt -> task(0) + "." + attempt)
                    .toArray(String[]::new));
        }
    }

    @Test
    void failedCallsAreRepeated(TestInfo test) {
        sweep(test, jdbc, Retried::new);
        sweep(test, http, Retried::new);
    }

    // ---- operators

    /** What an operator does; who was not answered looks, and does it again if it was not done. */
    private abstract class Acted extends Worked {

        private boolean answered;

        Acted(FaultySystem.Behaviour behaviour, GroupFixture group) {
            super(behaviour, group);
        }

        abstract ActionResult act(String run);

        abstract String after();

        @Override
        public void go() {
            var run = node.column("select run_id from run").get(0);
            try {
                var result = act(run);
                answered = true;
                if (result instanceof ActionResult.Applied) {
                    assertThat(node.runStates()).as("the action was answered").containsExactly(after());
                }
            } catch (RuntimeException notAnswered) {
                answered = false;
            }
            node.round();
            node.writeOutcomes();
        }

        @Override
        public void finish() {
            if (!answered) {
                go();
                assertThat(answered).as("answered without a fault").isTrue();
            }
            super.finish();
        }
    }

    private final class Cancelled extends Acted {

        Cancelled() {
            super(
                    asked -> FaultySystem.answer(202, ""),
                    group("daily").with(aSyncTask("a").cancelledAt("/sync/a/cancel"), aSyncTask("b")));
            node.round();
            node.writeOutcomes();
        }

        @Override
        ActionResult act(String run) {
            return node.runs.cancel(run, OPERATOR, false);
        }

        @Override
        String after() {
            return "CANCELLED";
        }

        @Override
        public void check() {
            super.check();
            assertThat(node.runStates()).containsExactly("CANCELLED");
            assertThat(node.column("select cancel_state from task_run order by task_no"))
                    .containsExactly("CONFIRMED", "NONE");
            assertThat(node.downstream.asked())
                    .filteredOn(asked -> asked.path().endsWith("/cancel"))
                    .isNotEmpty()
                    .allSatisfy(asked -> assertThat(asked.key()).isEqualTo(task(0) + ".1"));
            node.checkEffects(task(0) + ".1");
        }
    }

    @Test
    void runIsCancelled(TestInfo test) {
        sweep(test, jdbc, Cancelled::new);
        sweep(test, http, Cancelled::new);
    }

    /** The first attempt was refused for good; the rerun's completes. */
    private final class RerunFailed extends Acted {

        RerunFailed() {
            super(
                    asked -> asked.attempt() == 1 ? FaultySystem.answer(400, "") : FaultySystem.report("COMPLETED"),
                    group("daily").with(anAsyncTask("a")));
            node.untilAllEnded();
            assertThat(node.runStates()).containsExactly("FAILED");
        }

        @Override
        ActionResult act(String run) {
            return node.runs.rerunFailed(run, OPERATOR, false);
        }

        @Override
        String after() {
            return "RUNNING";
        }

        @Override
        public void check() {
            super.check();
            assertThat(node.runStates()).containsExactly("COMPLETED");
            node.checkEffects(task(0) + ".1", task(0) + ".2");
        }
    }

    @Test
    void failedRunIsRerun(TestInfo test) {
        sweep(test, jdbc, RerunFailed::new);
        sweep(test, http, RerunFailed::new);
    }
}
