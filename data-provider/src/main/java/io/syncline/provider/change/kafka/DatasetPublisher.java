package io.syncline.provider.change.kafka;

import io.syncline.provider.change.ChangeLog;
import io.syncline.provider.change.ChangesGoneException;
import io.syncline.provider.change.LoggedChange;
import io.syncline.provider.work.FailureEpisode;
import io.syncline.provider.work.PollLoop;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/** Brings the log of one dataset to its topic, as {@link Publisher} promises; each turn is a transaction of the brokers. */
final class DatasetPublisher implements PollLoop.Turn {

    private static final Logger LOG = LoggerFactory.getLogger(DatasetPublisher.class);
    private static final Duration FIRST_RETRY = Duration.ofMillis(200);

    /** The dataset is with this instance. */
    private static final class Held {
        private final long fence;
        private final Producer<byte[], byte[]> producer;
        private long published;
        private long renewedNanos = System.nanoTime();

        Held(long fence, Producer<byte[], byte[]> producer) {
            this.fence = fence;
            this.producer = producer;
        }
    }

    private final String dataset;
    private final ChangeLog log;
    private final JdbcPublications publications;
    private final Topics topics;
    private final Producers producers;
    private final KafkaProperties properties;
    private final PublisherMeters meters;
    private final JsonMapper json;
    private final FailureEpisode failures;
    private @Nullable Held held;
    private boolean prepared;
    private long notBeforeNanos;

    DatasetPublisher(
            String dataset,
            ChangeLog log,
            JdbcPublications publications,
            Topics topics,
            Producers producers,
            KafkaProperties properties,
            PublisherMeters meters,
            JsonMapper json) {
        this.dataset = dataset;
        this.log = log;
        this.publications = publications;
        this.topics = topics;
        this.producers = producers;
        this.properties = properties;
        this.meters = meters;
        this.json = json;
        this.failures =
                new FailureEpisode(LOG, "The changes of " + dataset + " did not reach Kafka and stay in the log");
    }

    @Override
    public Duration take() {
        var publication = publications.of(dataset);
        meters.unpublished(dataset, publication.unpublished());
        // Growth wakes it early, but a broker that was away is left alone for a while.
        if (failures.failures() > 0 && System.nanoTime() - notBeforeNanos < 0) {
            return properties.poll();
        }
        try {
            boolean more = turn(publication);
            failures.succeeded();
            return more ? Duration.ZERO : properties.poll();
        } catch (RuntimeException failure) {
            failures.failed(failure);
            notBeforeNanos = System.nanoTime() + delay(failures.failures()).toNanos();
            meters.failed(dataset);
            letGo();
            return properties.poll();
        }
    }

    @Override
    public void end() {
        letGo();
    }

    private Duration delay(int tried) {
        var delay = FIRST_RETRY.multipliedBy(1L << Math.min(tried - 1, 12));
        return delay.compareTo(properties.maxRetryDelay()) > 0 ? properties.maxRetryDelay() : delay;
    }

    /** @return whether there is more */
    private boolean turn(Publication publication) {
        if (!prepared) {
            // Before there is anything to publish: a reader that finds no topic looks again much later.
            topics.prepare(dataset);
            prepared = true;
        }
        var mine = held;
        if (publication.unpublished() == 0) {
            if (mine != null) {
                keeps(mine);
            }
            return false;
        }
        if (mine == null) {
            mine = taken();
        }
        return mine != null && keeps(mine) && publish(mine, publication.last());
    }

    private @Nullable Held taken() {
        var fence = publications.take(dataset);
        if (fence.isEmpty()) {
            return null;
        }
        Producer<byte[], byte[]> producer;
        try {
            producer = producers.open(Producers.settings(properties, dataset));
        } catch (RuntimeException noBroker) {
            publications.release(dataset, fence.getAsLong());
            throw noBroker;
        }
        var mine = new Held(fence.getAsLong(), producer);
        held = mine;
        // From here on the brokers refuse whoever published before. Only then it is read how far that one came.
        producer.initTransactions();
        mine.published = publications.of(dataset).published();
        return mine;
    }

    private boolean publish(Held mine, long end) {
        var changes = read(mine);
        if (changes.isEmpty()) {
            return false;
        }
        mine.producer.beginTransaction();
        changes.forEach(change -> send(mine.producer, change));
        mine.producer.commitTransaction();
        long last = changes.get(changes.size() - 1).seq();
        if (!publications.advance(dataset, mine.fence, last)) {
            letGo();
            return false;
        }
        mine.published = last;
        meters.published(dataset, changes.size());
        meters.unpublished(dataset, Math.max(0, end - last));
        return last < end;
    }

    private List<LoggedChange> read(Held mine) {
        try {
            return log.read(dataset, mine.published, properties.batch(), properties.batchChars());
        } catch (ChangesGoneException gone) {
            long first = gone.feed().first();
            LOG.error(
                    "The changes of {} behind {} are not kept any more and never reach Kafka; it goes on with {}. Readers"
                            + " of the topic need an extract",
                    dataset,
                    mine.published,
                    first);
            meters.gap(dataset);
            publications.advance(dataset, mine.fence, first - 1);
            mine.published = first - 1;
            return log.read(dataset, first - 1, properties.batch(), properties.batchChars());
        }
    }

    private void send(Producer<byte[], byte[]> producer, LoggedChange change) {
        var topic = properties.topic(change.dataset());
        var key = change.key().getBytes(StandardCharsets.UTF_8);
        // A record that fails fails the commit of its transaction.
        producer.send(new ProducerRecord<>(topic, key, event(change)));
        if (change.after() == null && properties.compacted().contains(change.dataset())) {
            producer.send(new ProducerRecord<>(topic, key, null));
        }
    }

    private byte[] event(LoggedChange change) {
        var bytes = new ByteArrayOutputStream();
        try (var generator = json.createGenerator(bytes)) {
            change.write(generator);
        }
        return bytes.toByteArray();
    }

    /** Whether the dataset is still with this instance, as far as the lease tells; the brokers decide. */
    private boolean keeps(Held mine) {
        if (System.nanoTime() - mine.renewedNanos <= properties.lease().toNanos() / 3) {
            return true;
        }
        if (!publications.renew(dataset, mine.fence)) {
            letGo();
            return false;
        }
        mine.renewedNanos = System.nanoTime();
        return true;
    }

    /** What is sent and not committed is undone by the brokers. */
    private void letGo() {
        var mine = held;
        if (mine == null) {
            return;
        }
        held = null;
        try {
            mine.producer.close(Duration.ZERO);
        } catch (RuntimeException e) {
            LOG.debug("The producer of {} could not be closed", dataset, e);
        }
        try {
            publications.release(dataset, mine.fence);
        } catch (RuntimeException e) {
            LOG.debug("The lease of {} runs out by itself", dataset, e);
        }
    }
}
