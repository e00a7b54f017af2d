package io.syncline.scheduler.trigger;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import io.syncline.scheduler.security.ProblemException;
import io.syncline.scheduler.store.PassingFailure;
import io.syncline.tracing.TraceContext;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Takes trigger messages from topics. One thread polls, judges record by record in the order of each partition, and commits
 * the offsets of what is in the inbox: a crash in between gives copies, which the inbox knows, and never a gap. A record
 * that cannot be stored now holds its partition up, and its partition alone, until it can.
 */
final class KafkaIntake implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(KafkaIntake.class);

    private static final String TRANSPORT = "KAFKA";
    private static final int MOST_BYTES = 1_048_576;
    private static final int MOST_RECORDS = 100;
    private static final int LONGEST_CLIENT = 128;

    /** Failures of a record for no passing reason, until it is kept as unreadable. */
    private static final int MOST_FAILURES = 5;

    private static final Duration FIRST_RETRY = Duration.ofMillis(500);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(15);
    private static final Duration START_AGAIN_AFTER = Duration.ofSeconds(5);

    /**
     * A partition that waits for its next record to be tried again.
     *
     * @param failures the tries that failed for no passing reason
     */
    private record Held(int tries, int failures, long untilNanos) {

        static final Held NEVER = new Held(0, 0, 0);
    }

    private final Intake intake;
    private final KafkaProperties properties;
    private final MeterRegistry meters;
    private final Map<TopicPartition, Held> held = new HashMap<>();
    private final Map<TopicPartition, OffsetAndMetadata> uncommitted = new HashMap<>();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile @Nullable KafkaConsumer<byte[], byte[]> consumer;
    private volatile @Nullable Thread thread;
    private volatile boolean running;
    private volatile boolean connected;

    KafkaIntake(Intake intake, KafkaProperties properties, MeterRegistry meters) {
        this.intake = intake;
        this.properties = properties;
        this.meters = meters;
    }

    /** Whether the brokers were in reach when they were asked last. */
    boolean isConnected() {
        return connected;
    }

    @Override
    public void start() {
        running = true;
        if (!properties.isOn()) {
            return;
        }
        var polling = new Thread(this::takeUntilStopped, "trigger-kafka");
        polling.setDaemon(true);
        thread = polling;
        polling.start();
    }

    private void takeUntilStopped() {
        while (running) {
            try (var opened = open()) {
                takeFrom(opened);
            } catch (WakeupException e) {
                LOG.debug("woken to stop");
            } catch (RuntimeException | Error e) {
                // What was judged but not committed comes again, as copies.
                LOG.warn("the intake over Kafka failed, it starts again in {}", START_AGAIN_AFTER, e);
            } finally {
                consumer = null;
                connected = false;
                held.clear();
                uncommitted.clear();
            }
            if (running) {
                pause();
            }
        }
    }

    private void takeFrom(KafkaConsumer<byte[], byte[]> opened) {
        var ofClient = new KafkaClientMetrics(opened);
        try {
            ofClient.bindTo(meters);
            consumer = opened;
            opened.subscribe(properties.topics(), new Forget());
            while (running) {
                round(opened);
            }
        } finally {
            ofClient.close();
        }
    }

    private void pause() {
        try {
            stopped.await(START_AGAIN_AFTER.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            running = false;
        }
    }

    private KafkaConsumer<byte[], byte[]> open() {
        var config = new HashMap<String, Object>(properties.properties());
        config.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, String.valueOf(properties.bootstrapServers()));
        config.put(ConsumerConfig.GROUP_ID_CONFIG, properties.groupId());
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, MOST_RECORDS);
        config.putIfAbsent(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        config.putIfAbsent(ConsumerConfig.METADATA_MAX_AGE_CONFIG, 30_000);
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    void round(Consumer<byte[], byte[]> from) {
        releaseHeld(from);
        var records = from.poll(POLL);
        connected = isConnected(from);
        for (var partition : records.partitions()) {
            take(from, partition, records.records(partition));
        }
        commit(from);
    }

    private static boolean isConnected(Consumer<byte[], byte[]> from) {
        return from.metrics().entrySet().stream()
                .filter(metric -> metric.getKey().name().equals("connection-count"))
                .anyMatch(metric -> metric.getValue().metricValue() instanceof Number count && count.doubleValue() > 0);
    }

    private void releaseHeld(Consumer<byte[], byte[]> from) {
        var due = held.entrySet().stream()
                .filter(entry -> entry.getValue().untilNanos() - System.nanoTime() <= 0)
                .map(Map.Entry::getKey)
                .filter(from.paused()::contains)
                .toList();
        from.resume(due);
    }

    private void take(
            Consumer<byte[], byte[]> from, TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> records) {
        for (var record : records) {
            if (!running || !took(from, partition, record)) {
                // Nothing behind it may overtake.
                from.seek(partition, record.offset());
                return;
            }
            held.remove(partition);
            uncommitted.put(partition, new OffsetAndMetadata(record.offset() + 1, record.leaderEpoch(), ""));
        }
    }

    private boolean took(
            Consumer<byte[], byte[]> from, TopicPartition partition, ConsumerRecord<byte[], byte[]> record) {
        var before = held.getOrDefault(partition, Held.NEVER);
        try {
            judge(record, before.failures());
            return true;
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            // These errors too come from the record, as with data that is nested too deeply.
            int tries = before.tries() + 1;
            var delay = delay(tries, e);
            int failures = mayPass(e) ? before.failures() : before.failures() + 1;
            LOG.atWarn()
                    .setMessage("the record at {} offset {} could not be stored, try {}; tried again in {}: {}")
                    .addArgument(partition)
                    .addArgument(record.offset())
                    .addArgument(tries)
                    .addArgument(delay)
                    .addArgument(e::toString)
                    // what passes by itself, as a full queue does, needs no trace
                    .setCause(failures > before.failures() ? e : null)
                    .log();
            held.put(partition, new Held(tries, failures, System.nanoTime() + delay.toNanos()));
            from.pause(List.of(partition));
            return false;
        }
    }

    private Duration delay(int tries, Throwable failure) {
        var retryAfter =
                failure instanceof ProblemException problem ? problem.headers().get("Retry-After") : null;
        var delay = retryAfter != null && retryAfter.matches("\\d{1,4}")
                ? Duration.ofSeconds(Long.parseLong(retryAfter))
                : FIRST_RETRY.multipliedBy(1L << Math.min(tries - 1, 10));
        return delay.compareTo(properties.maxRetryDelay()) > 0 ? properties.maxRetryDelay() : delay;
    }

    /** Returns when the record's fate is committed; throws when it has to be tried again. */
    private void judge(ConsumerRecord<byte[], byte[]> record, int failuresBefore) {
        var headers = KafkaRecords.headers(record);
        var state = headers.get("tracestate");
        var valid = TraceContext.accepted(headers.get("traceparent"), state == null ? List.of() : List.of(state))
                .orElse(null);
        var sender = new Sender(
                client(record.topic()), properties.systemOf(record.topic()), TRANSPORT, valid, place(record));
        TraceContext.<@Nullable Object>call(valid, () -> {
            try {
                intake.accept(KafkaRecords.event(record, MOST_BYTES), sender);
            } catch (MalformedEventException e) {
                intake.keepUnreadable(unreadable(record, headers), e.problem(), sender);
            } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
                if (mayPass(e) || failuresBefore + 1 < MOST_FAILURES) {
                    throw e;
                }
                LOG.error("the record at {} offset {} is kept unjudged", record.topic(), record.offset(), e);
                intake.keepUnreadable(
                        unreadable(record, headers),
                        ProblemException.of(500, "internal-error", "Internal error")
                                .detail("The record could not be judged; the platform's log tells why."),
                        sender);
            }
            return null;
        });
    }

    /** Names of topics may be longer than those of clients; the whole name is in the source of what is no event. */
    private static String client(String topic) {
        var client = "kafka:" + topic;
        return client.length() <= LONGEST_CLIENT ? client : client.substring(0, LONGEST_CLIENT);
    }

    private static String place(ConsumerRecord<byte[], byte[]> record) {
        return record.topic() + " p" + record.partition() + " @" + record.offset();
    }

    private static boolean mayPass(Throwable failure) {
        return PassingFailure.is(failure)
                || (failure instanceof ProblemException problem
                        && (problem.status() == 429 || problem.status() == 503));
    }

    private static UnreadableRecord unreadable(ConsumerRecord<byte[], byte[]> record, Map<String, String> headers) {
        return new UnreadableRecord(
                record.topic(),
                record.partition(),
                record.offset(),
                headers,
                record.value() == null ? new byte[0] : record.value());
    }

    private void commit(Consumer<byte[], byte[]> from) {
        if (uncommitted.isEmpty()) {
            return;
        }
        try {
            commitEvenIfWoken(from);
            uncommitted.clear();
        } catch (WakeupException e) {
            throw e;
        } catch (CommitFailedException e) {
            // Another node has the partitions now and takes these again, as copies.
            LOG.info("offsets were not committed: {}", e.getMessage());
            uncommitted.clear();
        } catch (KafkaException e) {
            LOG.warn("offsets are committed later: {}", e.getMessage());
        }
    }

    /** Who stops the intake wakes it once: what it has judged by then must not come again. */
    private void commitEvenIfWoken(Consumer<byte[], byte[]> from) {
        try {
            from.commitSync(uncommitted);
        } catch (WakeupException e) {
            from.commitSync(uncommitted);
        }
    }

    @Override
    public void stop() {
        running = false;
        stopped.countDown();
        var polling = thread;
        thread = null;
        var open = consumer;
        if (open != null) {
            open.wakeup();
        }
        if (polling != null) {
            try {
                // Never by interrupt: H2 closes its file when one hits it while it reads.
                polling.join(STOP_WITHIN.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Forgets what belongs to partitions that this node has no longer; all of them were committed as far as judged. */
    private final class Forget implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            forget(partitions);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            forget(partitions);
        }

        private void forget(Collection<TopicPartition> partitions) {
            var gone = new HashSet<>(partitions);
            held.keySet().removeAll(gone);
            uncommitted.keySet().removeAll(gone);
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            LOG.info("takes trigger messages from {}", partitions);
        }
    }
}
