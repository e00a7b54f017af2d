package io.syncline.provider.extract;

import io.syncline.contracts.ExtractManifest;
import io.syncline.contracts.ExtractManifest.State;
import io.syncline.provider.change.ChangeCursor;
import io.syncline.provider.dataset.Dataset;
import io.syncline.provider.dataset.DatasetStates;
import io.syncline.provider.problem.ProblemException;
import io.syncline.provider.request.Caller;
import io.syncline.provider.request.RequestKeys;
import io.syncline.provider.store.Ids;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/** Asking for an extract, and its manifest. */
@Service
class Extracts {

    private static final Duration LOOK = Duration.ofMillis(200);

    private final ExtractProperties properties;
    private final JdbcExtracts extracts;
    private final DatasetStates states;
    private final RequestKeys keys;
    private final Workshop workshop;
    private final Semaphore waiting;

    Extracts(
            ExtractProperties properties,
            JdbcExtracts extracts,
            DatasetStates states,
            RequestKeys keys,
            Workshop workshop) {
        this.properties = properties;
        this.extracts = extracts;
        this.states = states;
        this.keys = keys;
        this.workshop = workshop;
        this.waiting = new Semaphore(properties.maxWaiting());
    }

    /** The first answer; {@code state} and {@code asOf} may have moved on since. */
    record Asked(String extractId, State state, Instant asOf) {}

    RequestKeys.Outcome<Asked> ask(
            Dataset dataset, FileFormat format, int rowsPerFile, Caller caller, @Nullable String key) {
        var outcome = keys.once(
                caller,
                "/datasets/" + dataset.name() + "/extracts",
                key,
                format + "\n" + rowsPerFile,
                Asked.class,
                now -> ask(dataset, format, rowsPerFile, caller.subject(), now));
        workshop.wake();
        return outcome;
    }

    private Asked ask(Dataset dataset, FileFormat format, int rowsPerFile, String by, Instant now) {
        var state = states.get(dataset.name());
        var expiresAt = now.plus(properties.keep());
        if (dataset.writtenElsewhere()) {
            return insert(dataset, format, rowsPerFile, DatasetStates.nextAsOf(state.asOf(), now), by, now, expiresAt);
        }
        var asOf = state.asOf();
        if (asOf == null) {
            throw ProblemException.of(409, "dataset-empty", "Nothing was ever imported into this dataset")
                    .detail("Import it first: POST /datasets/" + dataset.name() + "/imports");
        }
        var shared = extracts.share(dataset.name(), asOf, format, rowsPerFile, now, expiresAt);
        if (shared.isPresent()) {
            return new Asked(shared.get().id(), shared.get().state(), asOf);
        }
        return insert(dataset, format, rowsPerFile, asOf, by, now, expiresAt);
    }

    private Asked insert(
            Dataset dataset,
            FileFormat format,
            int rowsPerFile,
            Instant asOf,
            String by,
            Instant now,
            Instant expiresAt) {
        if (extracts.open() >= properties.maxOpen()) {
            throw ProblemException.of(503, "too-many-extracts", "Too many extracts are being prepared")
                    .detail("Try again after the time in Retry-After")
                    .header("Retry-After", "5");
        }
        var id = Ids.next();
        extracts.insert(
                new Extract(
                        id, dataset.name(), State.PREPARING, format, rowsPerFile, asOf, null, 0, expiresAt, null, null),
                by,
                now);
        return new Asked(id, State.PREPARING, asOf);
    }

    /** @throws ProblemException 404 */
    Extract get(Dataset dataset, String id) {
        return extracts.find(id)
                .filter(extract -> extract.dataset().equals(dataset.name()))
                .orElseThrow(Extracts::unknown);
    }

    static ProblemException unknown() {
        return ProblemException.of(404, "no-such-extract", "There is no such extract")
                .detail("It never was, or its time is over; ask for a new one");
    }

    /** The manifest once the extract has ended, or as it is when the time is over. */
    ExtractManifest manifest(Dataset dataset, String id, Duration wait) {
        var extract = get(dataset, id);
        if (extract.state() == State.PREPARING && !wait.isZero()) {
            extract = await(dataset, id, wait);
        }
        boolean ready = extract.state() == State.READY;
        return new ExtractManifest(
                extract.id(),
                extract.dataset(),
                extract.state(),
                extract.asOf(),
                dataset.columnNames(),
                dataset.keyNames(),
                extract.rows(),
                ready ? extracts.files(id) : List.of(),
                extract.failure(),
                extract.changesSeq() == null ? null : ChangeCursor.after(dataset.name(), extract.changesSeq()));
    }

    private Extract await(Dataset dataset, String id, Duration wait) {
        if (!waiting.tryAcquire()) {
            throw ProblemException.of(503, "too-many-waiting", "Too many requests are waiting")
                    .detail("Ask without wait, or try again after the time in Retry-After")
                    .header("Retry-After", "2");
        }
        try {
            long end = System.nanoTime()
                    + Math.min(wait.toNanos(), properties.maxWait().toNanos());
            var extract = get(dataset, id);
            while (extract.state() == State.PREPARING && System.nanoTime() < end) {
                Thread.sleep(LOOK.toMillis());
                extract = get(dataset, id);
            }
            return extract;
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return get(dataset, id);
        } finally {
            waiting.release();
        }
    }
}
