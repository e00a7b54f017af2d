package io.syncline.provider.change.kafka;

import io.syncline.provider.change.ChangeLog;
import io.syncline.provider.change.ChangesGoneException;
import io.syncline.provider.change.KnownReader;
import io.syncline.provider.change.LogListener;
import io.syncline.provider.change.LoggedChange;
import io.syncline.provider.work.FailureEpisode;
import io.syncline.provider.work.LoopLifecycle;
import io.syncline.provider.work.PollLoop;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * Brings each log to its topic, in the order of its numbers. A dataset is with one instance at a time: by a lease in the
 * database, and, because an instance may stand still for longer than its lease, by the brokers, which refuse the records
 * of an instance once another one has opened its producer.
 *
 * <p>How far it is, is stored after the brokers' acknowledgement. What was sent before a crash and not stored is sent
 * again: at least once.
 */
final class Publisher implements LoopLifecycle, LogListener, KnownReader {

    private static final Logger LOG = LoggerFactory.getLogger(Publisher.class);
    private static final Duration FIRST_RETRY = Duration.ofMillis(200);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(15);

    /** A dataset that is with this instance. */
    private static final class Held {
        private final long fence;
        private final Producer<byte[], byte[]> producer;
        private long published;
        private long renewedNanos;

        Held(long fence, Producer<byte[], byte[]> producer) {
            this.fence = fence;
            this.producer = producer;
        }
    }

    /** A dataset that is left alone for a while. */
    private static final class Failed {
        private final FailureEpisode episode;
        private long untilNanos;

        Failed(String dataset) {
            this.episode =
                    new FailureEpisode(LOG, "The changes of " + dataset + " did not reach Kafka and stay in the log");
        }
    }

    private final ChangeLog log;
    private final JdbcPublications publications;
    private final Topics topics;
    private final Producers producers;
    private final KafkaProperties properties;
    private final PublisherMeters meters;
    private final JsonMapper json;
    private final Map<String, Held> held = new HashMap<>();
    private final Map<String, Failed> failed = new HashMap<>();
    private final Set<String> prepared = new HashSet<>();
    private final PollLoop loop;
    private boolean begun;

    Publisher(
            ChangeLog log,
            JdbcPublications publications,
            Topics topics,
            Producers producers,
            KafkaProperties properties,
            PublisherMeters meters,
            JsonMapper json) {
        this.log = log;
        this.publications = publications;
        this.topics = topics;
        this.producers = producers;
        this.properties = properties;
        this.meters = meters;
        this.json = json;
        this.loop = new PollLoop(
                "changes-to-kafka",
                new Rounds(),
                new FailureEpisode(LOG, "It could not be looked for changes to publish"),
                properties.poll(),
                STOP_WITHIN);
    }

    @Override
    public void grown(String dataset) {
        loop.wake();
    }

    @Override
    public String name() {
        return "kafka";
    }

    @Override
    public Map<String, Long> places() {
        return publications.all().stream().collect(Collectors.toMap(Publication::dataset, Publication::published));
    }

    @Override
    public PollLoop loop() {
        return loop;
    }

    private final class Rounds implements PollLoop.Turn {

        @Override
        public Duration take() {
            if (!begun) {
                publications.begin();
                begun = true;
            }
            return round() ? Duration.ZERO : properties.poll();
        }

        @Override
        public void end() {
            List.copyOf(held.keySet()).forEach(Publisher.this::letGo);
        }
    }

    /** A batch of each dataset, so that a large import of one does not hold up the others. */
    private boolean round() {
        boolean more = false;
        for (var publication : publications.all()) {
            meters.unpublished(publication.dataset(), publication.unpublished());
            if (loop.isRunning() && isDue(publication.dataset())) {
                more |= guardedTurn(publication);
            }
        }
        return more;
    }

    private boolean isDue(String dataset) {
        var failure = failed.get(dataset);
        return failure == null || System.nanoTime() - failure.untilNanos >= 0;
    }

    private boolean guardedTurn(Publication publication) {
        var dataset = publication.dataset();
        try {
            boolean more = turn(publication);
            var ended = failed.remove(dataset);
            if (ended != null) {
                ended.episode.succeeded();
            }
            return more;
        } catch (RuntimeException failure) {
            var failing = failed.computeIfAbsent(dataset, Failed::new);
            failing.episode.failed(failure);
            failing.untilNanos =
                    System.nanoTime() + delay(failing.episode.failures()).toNanos();
            meters.failed(dataset);
            letGo(dataset);
            return false;
        }
    }

    private Duration delay(int tries) {
        var delay = FIRST_RETRY.multipliedBy(1L << Math.min(tries - 1, 12));
        return delay.compareTo(properties.maxRetryDelay()) > 0 ? properties.maxRetryDelay() : delay;
    }

    /** @return whether there is more */
    private boolean turn(Publication publication) {
        prepare(publication.dataset());
        var mine = held.get(publication.dataset());
        if (mine == null) {
            return publication.unpublished() > 0 && take(publication) && publish(publication);
        }
        if (publication.unpublished() > 0) {
            return publish(publication);
        }
        keep(publication.dataset(), mine);
        return false;
    }

    /** Before there is anything to publish: a reader that finds no topic looks again much later. */
    private void prepare(String dataset) {
        if (!prepared.contains(dataset)) {
            topics.prepare(dataset);
            prepared.add(dataset);
        }
    }

    private boolean take(Publication publication) {
        var dataset = publication.dataset();
        var fence = publications.take(dataset);
        if (fence.isEmpty()) {
            return false;
        }
        var settings = Producers.settings(properties, dataset);
        Producer<byte[], byte[]> producer;
        try {
            producer = producers.open(settings);
        } catch (RuntimeException noBroker) {
            publications.release(dataset, fence.getAsLong());
            throw noBroker;
        }
        var mine = new Held(fence.getAsLong(), producer);
        held.put(dataset, mine);
        // From here on the brokers refuse whoever published before. Only then it is read how far that one came.
        producer.initTransactions();
        mine.published = publications.published(dataset);
        return true;
    }

    private boolean publish(Publication publication) {
        var dataset = publication.dataset();
        var mine = held.get(dataset);
        if (mine == null || !renewed(dataset, mine)) {
            return false;
        }
        var changes = read(publication, mine);
        if (changes.isEmpty()) {
            return false;
        }
        mine.producer.beginTransaction();
        changes.forEach(change -> send(mine.producer, change));
        mine.producer.commitTransaction();
        long last = changes.get(changes.size() - 1).seq();
        if (!publications.advance(dataset, mine.fence, last)) {
            letGo(dataset);
            return false;
        }
        mine.published = last;
        meters.published(dataset, changes.size());
        meters.unpublished(dataset, Math.max(0, publication.last() - last));
        return last < publication.last();
    }

    private List<LoggedChange> read(Publication publication, Held mine) {
        try {
            return log.read(publication.dataset(), mine.published, properties.batch(), properties.batchChars());
        } catch (ChangesGoneException gone) {
            long first = gone.feed().first();
            LOG.error(
                    "The changes of {} behind {} are not kept any more and never reach Kafka; it goes on with {}. Readers"
                            + " of the topic need an extract",
                    publication.dataset(),
                    mine.published,
                    first);
            meters.gap(publication.dataset());
            publications.advance(publication.dataset(), mine.fence, first - 1);
            mine.published = first - 1;
            return log.read(publication.dataset(), first - 1, properties.batch(), properties.batchChars());
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

    private void keep(String dataset, Held mine) {
        if (System.nanoTime() - mine.renewedNanos > properties.lease().toNanos() / 3) {
            renewed(dataset, mine);
        }
    }

    private boolean renewed(String dataset, Held mine) {
        if (!publications.renew(dataset, mine.fence)) {
            letGo(dataset);
            return false;
        }
        mine.renewedNanos = System.nanoTime();
        return true;
    }

    /** What is sent and not committed is undone by the brokers. */
    private void letGo(String dataset) {
        var mine = held.remove(dataset);
        if (mine == null) {
            return;
        }
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
