package io.syncline.provider.change.kafka;

import io.syncline.provider.change.KnownReader;
import io.syncline.provider.change.LogListener;
import io.syncline.provider.work.FailureEpisode;
import io.syncline.provider.work.PollLoop;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Brings each log to its topic, in the order of its numbers. A dataset is with one instance at a time: by a lease in the
 * database, and, because an instance may stand still for longer than its lease, by the brokers, which refuse the records
 * of an instance once another one has opened its producer.
 *
 * <p>How far it is, is stored after the brokers' acknowledgement. What was sent before a crash and not stored is sent
 * again: at least once. Each dataset has a thread: the end of a transaction is a wait for the brokers, and datasets that
 * wait one after the other would all be late.
 */
final class Publisher implements SmartLifecycle, LogListener, KnownReader {

    private static final Logger LOG = LoggerFactory.getLogger(Publisher.class);
    private static final Duration LOOK_FOR_DATASETS = Duration.ofMinutes(1);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(15);

    private final JdbcPublications publications;
    private final Function<String, PollLoop.Turn> turns;
    private final KafkaProperties properties;
    private final Map<String, PollLoop> loops = new ConcurrentHashMap<>();
    private final PollLoop datasets;

    /** @param turns of a dataset, by its name */
    Publisher(JdbcPublications publications, KafkaProperties properties, Function<String, PollLoop.Turn> turns) {
        this.publications = publications;
        this.properties = properties;
        this.turns = turns;
        this.datasets = new PollLoop(
                "changes-to-kafka",
                this::startThoseThatRecord,
                new FailureEpisode(LOG, "It could not be looked for datasets to publish"),
                properties.poll(),
                STOP_WITHIN);
    }

    private Duration startThoseThatRecord() {
        publications.begin();
        for (var publication : publications.all()) {
            loops.computeIfAbsent(publication.dataset(), this::loop).start();
        }
        return LOOK_FOR_DATASETS;
    }

    private PollLoop loop(String dataset) {
        return new PollLoop(
                dataset + "-to-kafka",
                turns.apply(dataset),
                new FailureEpisode(LOG, "It could not be looked for changes of " + dataset + " to publish"),
                properties.poll(),
                STOP_WITHIN);
    }

    @Override
    public void grown(String dataset) {
        var loop = loops.get(dataset);
        if (loop != null) {
            loop.wake();
        }
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
    public void start() {
        datasets.start();
    }

    @Override
    public void stop() {
        datasets.stop();
        // Each may have to wait for brokers that are away.
        loops.values().parallelStream().forEach(PollLoop::stop);
    }

    @Override
    public boolean isRunning() {
        return datasets.isRunning();
    }
}
