package io.syncline.consumer.changes;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import io.syncline.consumer.changes.JdbcParkedChanges.Parked;
import io.syncline.consumer.store.Transactions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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
import org.springframework.dao.DataIntegrityViolationException;

/**
 * Follows the provider's changes over Kafka. One thread polls, applies what a poll gives of each partition in one
 * transaction, and commits the offsets of what was applied: a crash in between gives changes again, which are known by
 * their numbers, and never a gap. Records that cannot be applied now hold their partition up, and their partition alone.
 */
final class KafkaFeed implements SmartLifecycle {

    /** What the feeds of all partitions begin with. */
    static final String FEED = "KAFKA-";

    private static final Logger LOG = LoggerFactory.getLogger(KafkaFeed.class);
    private static final int MOST_RECORDS = 500;
    private static final Duration FIRST_RETRY = Duration.ofMillis(200);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(15);
    private static final Duration START_AGAIN_AFTER = Duration.ofSeconds(5);

    /** A partition that waits for its next records to be tried again. */
    private record Held(int tries, long untilNanos) {}

    private final ChangeReader reader;
    private final ChangeTarget target;
    private final JdbcPositions positions;
    private final JdbcParkedChanges parked;
    private final Transactions transactions;
    private final KafkaProperties properties;
    private final MeterRegistry meters;
    private final Map<TopicPartition, Held> held = new HashMap<>();
    private final Map<TopicPartition, OffsetAndMetadata> uncommitted = new HashMap<>();
    private final HashSet<TopicPartition> introduced = new HashSet<>();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private long lookedAtNanos;
    private volatile @Nullable KafkaConsumer<byte[], byte[]> consumer;
    private volatile @Nullable Thread thread;
    private volatile boolean running;

    KafkaFeed(
            ChangeReader reader,
            ChangeTarget target,
            JdbcPositions positions,
            JdbcParkedChanges parked,
            Transactions transactions,
            KafkaProperties properties,
            MeterRegistry meters) {
        this.reader = reader;
        this.target = target;
        this.positions = positions;
        this.parked = parked;
        this.transactions = transactions;
        this.properties = properties;
        this.meters = meters;
    }

    @Override
    public void start() {
        running = true;
        var polling = new Thread(this::takeUntilStopped, "changes-kafka");
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
                // What was applied but not committed comes again, and is known by its numbers.
                LOG.warn("the changes over Kafka cannot be followed; they are again in {}", START_AGAIN_AFTER, e);
            } finally {
                consumer = null;
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
            opened.subscribe(target.datasets().stream().map(this::topic).toList(), new Forget());
            while (running) {
                round(opened);
            }
        } finally {
            ofClient.close();
        }
    }

    private String topic(String dataset) {
        return properties.topicPrefix() + dataset;
    }

    private String dataset(TopicPartition partition) {
        return partition.topic().substring(properties.topicPrefix().length());
    }

    private static String feed(TopicPartition partition) {
        return FEED + partition.partition();
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
        long asked = System.nanoTime();
        var records = from.poll(POLL);
        for (var partition : records.partitions()) {
            take(from, partition, records.records(partition));
        }
        look(from, asked);
        commit(from);
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
        if (!running) {
            from.seek(partition, records.get(0).offset());
            return;
        }
        try {
            introduce(partition);
            applyOrPark(partition, records);
            held.remove(partition);
        } catch (RuntimeException e) {
            int tries = held.containsKey(partition) ? held.get(partition).tries() + 1 : 1;
            var delay = delay(tries);
            LOG.warn("changes at {} could not be applied, try {}; tried again in {}", partition, tries, delay, e);
            held.put(partition, new Held(tries, System.nanoTime() + delay.toNanos()));
            from.pause(List.of(partition));
            // Nothing behind them may overtake.
            var done = uncommitted.get(partition);
            from.seek(partition, Math.max(records.get(0).offset(), done == null ? 0 : done.offset()));
        }
    }

    private Duration delay(int tries) {
        var delay = FIRST_RETRY.multipliedBy(1L << Math.min(tries - 1, 12));
        return delay.compareTo(properties.maxRetryDelay()) > 0 ? properties.maxRetryDelay() : delay;
    }

    private void introduce(TopicPartition partition) {
        if (introduced.add(partition)) {
            try {
                positions.introduce(dataset(partition), feed(partition));
            } catch (RuntimeException e) {
                introduced.remove(partition);
                throw e;
            }
        }
    }

    private void applyOrPark(TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> records) {
        try {
            apply(partition, records);
            applied(partition, records.get(records.size() - 1));
        } catch (DataIntegrityViolationException e) {
            // One of them is what the database never takes: each for itself shows which, and it alone is parked.
            LOG.warn("changes at {} are applied one by one", partition, e);
            for (var record : records) {
                try {
                    apply(partition, List.of(record));
                } catch (DataIntegrityViolationException fault) {
                    LOG.error("the change at {} offset {} is parked", partition, record.offset(), fault);
                    park(partition, record);
                }
                applied(partition, record);
            }
        }
    }

    private void applied(TopicPartition partition, ConsumerRecord<byte[], byte[]> last) {
        uncommitted.put(partition, new OffsetAndMetadata(last.offset() + 1, last.leaderEpoch(), ""));
    }

    private void apply(TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> records) {
        var dataset = dataset(partition);
        var good = new ArrayList<Change>(records.size());
        var bad = new ArrayList<Parked>();
        for (var record : records) {
            if (record.value() == null) {
                // A compacted topic's tombstone: the change that deleted the row came before it.
                continue;
            }
            try {
                var change = reader.read(dataset, record.value());
                target.check(change);
                good.add(change);
            } catch (UnusableChangeException e) {
                LOG.error("the change at {} offset {} is parked: {}", partition, record.offset(), e.reason());
                bad.add(parked(record, e.reason()));
            }
        }
        target.apply(dataset, good, now -> {
            bad.forEach(change -> parked.park(dataset, feed(partition), change, now));
            if (!good.isEmpty()) {
                long seq = good.stream().mapToLong(Change::seq).max().orElse(0);
                var first = good.stream()
                        .map(Change::committedAt)
                        .min(Instant::compareTo)
                        .orElse(now);
                positions.advance(dataset, feed(partition), seq, first);
            }
        });
    }

    private void park(TopicPartition partition, ConsumerRecord<byte[], byte[]> record) {
        transactions.run(now -> parked.park(
                dataset(partition), feed(partition), parked(record, "the database does not take this change"), now));
    }

    private static Parked parked(ConsumerRecord<byte[], byte[]> record, String reason) {
        return new Parked("offset " + record.offset(), reason, new String(record.value(), StandardCharsets.UTF_8));
    }

    /** Of partitions whose end is reached the view holds all that was there when they were asked. */
    private void look(Consumer<byte[], byte[]> from, long asked) {
        if (System.nanoTime() - lookedAtNanos < properties.lookEvery().toNanos()) {
            return;
        }
        lookedAtNanos = System.nanoTime();
        var atEnd = from.assignment().stream()
                .filter(partition -> !held.containsKey(partition))
                .filter(partition -> from.currentLag(partition).orElse(1) == 0)
                .toList();
        if (atEnd.isEmpty()) {
            return;
        }
        try {
            atEnd.forEach(this::introduce);
            transactions.run(now -> {
                var whenAsked = now.minusNanos(System.nanoTime() - asked);
                atEnd.forEach(partition -> positions.advance(dataset(partition), feed(partition), 0, whenAsked));
            });
        } catch (RuntimeException e) {
            LOG.warn("how far the changes over Kafka are was not written", e);
        }
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
            // Another instance has the partitions now and takes these again.
            LOG.info("offsets were not committed: {}", e.getMessage());
            uncommitted.clear();
        } catch (KafkaException e) {
            LOG.warn("offsets are committed later: {}", e.getMessage());
        }
    }

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

    /** Forgets what belongs to partitions that this instance has no longer. */
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
            held.keySet().removeAll(new HashSet<>(partitions));
            uncommitted.keySet().removeAll(new HashSet<>(partitions));
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            LOG.info("changes are taken from {}", partitions);
        }
    }
}
