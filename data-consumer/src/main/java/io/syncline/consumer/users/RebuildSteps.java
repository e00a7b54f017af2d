package io.syncline.consumer.users;

import io.syncline.consumer.changes.Change;
import io.syncline.consumer.changes.FeedProgress;
import io.syncline.consumer.changes.UnusableChangeException;
import io.syncline.consumer.csv.FileForm;
import io.syncline.consumer.csv.PlainCsv;
import io.syncline.consumer.csv.UnreadableCsvException;
import io.syncline.consumer.provider.ProviderClient;
import io.syncline.consumer.provider.ProviderException;
import io.syncline.consumer.provider.Spool;
import io.syncline.consumer.users.Generation.Purpose;
import io.syncline.consumer.users.JdbcGenerationSources.Source;
import io.syncline.consumer.users.JdbcViewComparisons.Comparison;
import io.syncline.contracts.ExtractManifest;
import io.syncline.contracts.ExtractManifest.ExtractFile;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fills a generation beside the live one and puts it in its place.
 *
 * <p>From the commit that opens a generation, each transaction that applies changes applies them to it as well; the extracts
 * are ordered after that. So extract and changes leave nothing out between them, in whichever order they come: rows of
 * the extract count as changes of the number that was applied last before the generation was opened. Once all rows are in
 * and the feeds have passed the moment of the extracts, the generation is never behind the live one, and readers may
 * be given it without going back in time. Rows and files may be filled again: a fact counts once.
 */
class RebuildSteps {

    private static final Logger LOG = LoggerFactory.getLogger(RebuildSteps.class);
    private static final int SAMPLES = 100;
    private static final int REPAIRED_AT_ONCE = 500;
    private static final String LOWEST = "\u0001";

    private final UserView view;
    private final JdbcGenerations generations;
    private final JdbcGenerationSources sources;
    private final JdbcRecounts recounts;
    private final JdbcViewComparisons comparisons;
    private final FeedProgress progress;
    private final ProviderClient provider;
    private final Spool spool;
    private final ReconcileReports reports;
    private final ViewProperties properties;
    private final String owner;

    RebuildSteps(
            UserView view,
            JdbcGenerations generations,
            JdbcGenerationSources sources,
            JdbcRecounts recounts,
            JdbcViewComparisons comparisons,
            FeedProgress progress,
            ProviderClient provider,
            Spool spool,
            ReconcileReports reports,
            ViewProperties properties,
            String owner) {
        this.view = view;
        this.generations = generations;
        this.sources = sources;
        this.recounts = recounts;
        this.comparisons = comparisons;
        this.progress = progress;
        this.provider = provider;
        this.spool = spool;
        this.reports = reports;
        this.properties = properties;
        this.owner = owner;
    }

    /** Works on whatever is due; false when nothing is. */
    boolean work() {
        var claimed = view.repeated(now -> generations.claim(owner, properties.rebuildLease(), now));
        if (claimed.isEmpty()) {
            return false;
        }
        var held = claimed.get();
        try {
            if (held.state() == Generation.State.FILLING) {
                fill(held);
            } else {
                delete(held);
            }
        } catch (GenerationLostException e) {
            LOG.info("{}", e.getMessage());
        } catch (RuntimeException e) {
            failed(held, e);
        }
        return true;
    }

    private void failed(Generation held, RuntimeException failure) {
        int tries = held.tries() + 1;
        boolean givenUp = held.state() == Generation.State.FILLING && tries >= properties.rebuildTries();
        LOG.warn("generation {} of the view, try {}{}", held.number(), tries, givenUp ? ": given up" : "", failure);
        var message = String.valueOf(failure.getMessage());
        var error = message.length() > 2000 ? message.substring(0, 2000) : message;
        view.repeated(now -> {
            if (givenUp) {
                generations.renew(held, owner, properties.rebuildLease(), now);
                generations.retire(held.number(), error, null, now, properties.retiredAfter());
                reports.failed(held, error, now);
            } else {
                var pause = properties.rebuildPoll().multipliedBy(1L << Math.min(tries, 5));
                generations.putBack(held, owner, tries, error, now.plus(pause));
            }
            return true;
        });
    }

    private void fill(Generation held) {
        for (var source : view.repeated(now -> sources.of(held.number()))) {
            if (!source.isFilled() && !filled(held, source)) {
                later(held);
                return;
            }
        }
        var all = view.repeated(now -> sources.of(held.number()));
        if (!hasCaughtUp(all)) {
            later(held);
            return;
        }
        if (held.purpose() == Purpose.RECONCILE) {
            reconcile(held, all);
        } else {
            goLive(held, all);
        }
    }

    /** There is nothing to do until the provider or the feeds are further. */
    private void later(Generation held) {
        view.repeated(now -> {
            generations.renew(held, owner, properties.rebuildLease(), now);
            generations.putBack(held, owner, 0, null, now.plus(properties.rebuildPoll()));
            return true;
        });
    }

    /** Fills what there is of a dataset; false when its extract is not ready. */
    private boolean filled(Generation held, Source source) {
        var dataset = source.dataset();
        var extractId = source.extractId();
        if (extractId == null) {
            // The number of a generation may come again when a database is made anew; its time does not.
            var key = "view-%d-%d-%s-%d"
                    .formatted(held.number(), held.openedAt().toEpochMilli(), dataset, source.extractNo());
            extractId = provider.order(dataset, key);
            var ordered = extractId;
            guarded(held, now -> sources.ordered(held.number(), dataset, ordered));
        }
        var manifest = provider.manifest(dataset, extractId).orElse(null);
        if (manifest == null || manifest.state() == ExtractManifest.State.FAILED) {
            guarded(held, now -> sources.forgotten(held.number(), dataset));
            throw new ProviderException("the provider has no extract " + extractId + " of " + dataset, true, null);
        }
        if (manifest.state() != ExtractManifest.State.READY) {
            return false;
        }
        guarded(held, now -> sources.ready(held.number(), dataset, manifest, now));
        for (int file = source.filesFilled(); file < manifest.files().size(); file++) {
            fill(held, source, manifest, file);
        }
        return true;
    }

    private void fill(Generation held, Source source, ExtractManifest manifest, int fileNo) {
        var file = manifest.files().get(fileNo);
        var received = spool.fetch(provider, source.dataset(), manifest.extractId(), file);
        if (!received.is(file)) {
            spool.drop(received.path());
            throw new ProviderException(
                    "what was downloaded is not the " + file.name() + " of the manifest", true, null);
        }
        var columns = manifest.columns().stream().map(Change::plain).toList();
        var keys =
                manifest.key().stream().map(Change::plain).map(columns::indexOf).toList();
        long rows = 0;
        try (var csv = new PlainCsv(received.path(), FileForm.PLAIN)) {
            var header = csv.next();
            if (header == null || !manifest.columns().equals(header)) {
                throw new ProviderException(file.name() + " has not the columns of the manifest", true, null);
            }
            var batch = new ArrayList<Change>(properties.batchRows());
            for (var fields = csv.next(); fields != null; fields = csv.next()) {
                rows++;
                add(batch, source, columns, keys, fields, file, rows);
                if (batch.size() == properties.batchRows()) {
                    var full = List.copyOf(batch);
                    guarded(held, now -> view.applyTo(held.number(), source.dataset(), full));
                    batch.clear();
                }
            }
            if (rows != file.rows()) {
                throw new ProviderException(
                        "%s has %d rows where the manifest says %d".formatted(file.name(), rows, file.rows()),
                        true,
                        null);
            }
            guarded(held, now -> {
                view.applyTo(held.number(), source.dataset(), batch);
                sources.filled(held.number(), source.dataset(), fileNo, file.rows());
            });
        } catch (UnreadableCsvException e) {
            throw new ProviderException(file.name() + " is no valid CSV: " + e.getMessage(), true, e);
        } catch (IOException e) {
            throw new ProviderException("cannot read " + file.name(), true, e);
        }
        spool.drop(received.path());
    }

    /** A row that the view could not take as a change either is left out; its change was parked. */
    private void add(
            List<Change> batch,
            Source source,
            List<String> columns,
            List<Integer> keys,
            List<@Nullable String> fields,
            ExtractFile file,
            long number) {
        if (fields.size() != columns.size()) {
            throw new ProviderException(
                    "row %d of %s has %d fields".formatted(number, file.name(), fields.size()), true, null);
        }
        Map<String, @Nullable String> row = new HashMap<>();
        for (int i = 0; i < columns.size(); i++) {
            row.put(columns.get(i), fields.get(i));
        }
        // Extracts are of the past: no time of theirs is measured.
        var change = new Change(source.dataset(), source.openedSeq(), key(keys, fields), true, row, Instant.EPOCH);
        try {
            view.check(change);
            batch.add(change);
        } catch (UnusableChangeException e) {
            LOG.error("row {} of {} is left out: {}", number, file.name(), e.reason());
        }
    }

    /** As the provider's changes name the row. */
    private static String key(List<Integer> keys, List<@Nullable String> fields) {
        if (keys.size() == 1) {
            return String.valueOf(fields.get(keys.get(0)));
        }
        return keys.stream()
                .map(key -> String.valueOf(fields.get(key)).replace("~", "~~").replace(",", "~,"))
                .collect(Collectors.joining(","));
    }

    /** Whether the feeds have passed the moment of the extracts; one that is gone never will, and goes on behind them. */
    private boolean hasCaughtUp(List<Source> all) {
        var feeds = view.repeated(now -> progress.progress());
        return all.stream().allMatch(source -> {
            var feed = feeds.get(source.dataset());
            var readyAt = source.readyAt();
            return feed != null
                    && (feed.gone() && source.changesCursor() != null
                            || feed.asOf() != null
                                    && readyAt != null
                                    && !feed.asOf().isBefore(readyAt));
        });
    }

    private void goLive(Generation held, List<Source> all) {
        view.repeated(now -> {
            long live = generations.lockLive();
            generations.renew(held, owner, properties.rebuildLease(), now);
            swap(held, all, live, null, now);
            return true;
        });
        LOG.info("generation {} of the view is live", held.number());
    }

    private void swap(Generation held, List<Source> all, long live, @Nullable String result, Instant now) {
        for (var source : all) {
            if (source.changesCursor() != null) {
                progress.jump(source.dataset(), source.changesCursor());
            }
        }
        generations.swap(live, held.number(), result, now, properties.retiredAfter());
    }

    /** Repairs what the live view counts wrong of its own facts, then what it has otherwise than the source. */
    private void reconcile(Generation held, List<Source> all) {
        long live = view.repeated(now -> generations.live());
        long repaired = recount(held, live);
        long wrong = recount(held, held.number());
        if (wrong > 0) {
            LOG.error("{} users of generation {} were counted wrong while it was filled", wrong, held.number());
        }
        view.repeated(now -> {
            if (generations.lockLive() != live) {
                throw new IllegalStateException("another generation went live meanwhile");
            }
            generations.renew(held, owner, properties.rebuildLease(), now);
            return true;
        });
        // All is applied to both in the same transactions, so one look at both is enough.
        var compared = view.snapshot(() -> comparisons.compare(live, held.number(), SAMPLES));
        view.repeated(now -> {
            if (generations.lockLive() != live) {
                throw new IllegalStateException("another generation went live meanwhile");
            }
            generations.renew(held, owner, properties.rebuildLease(), now);
            end(held, all, live, repaired, compared, now);
            return true;
        });
    }

    private void end(Generation held, List<Source> all, long live, long repaired, Comparison compared, Instant now) {
        var summary = "%d users recounted, %d facts missing, %d unexpected; users %s"
                .formatted(repaired, compared.factsMissing(), compared.factsUnexpected(), compared.users());
        if (compared.isEqual()) {
            generations.retire(held.number(), null, summary, now, properties.retiredAfter());
        } else {
            LOG.error("the live view differs from the source and is replaced: {}", summary);
            swap(held, all, live, summary, now);
        }
        reports.completed(held, repaired, compared, now);
    }

    /** Sets right what the counters of a generation say otherwise than its facts; how many users they were of. */
    private long recount(Generation held, long generation) {
        long repaired = 0;
        while (true) {
            var wrong = view.repeated(now -> recounts.wrong(generation, REPAIRED_AT_ONCE));
            if (wrong.isEmpty()) {
                return repaired;
            }
            guarded(held, now -> recounts.repair(generation, wrong));
            LOG.error(
                    "the counters of {} users were not what their facts come to, as of {}", wrong.size(), wrong.get(0));
            repaired += wrong.size();
        }
    }

    private void delete(Generation held) {
        var after = LOWEST;
        while (after != null) {
            var from = after;
            after = view.<@Nullable String>repeated(now -> {
                generations.renew(held, owner, properties.rebuildLease(), now);
                return generations.deleteUsers(held.number(), from, properties.batchRows());
            });
        }
        after = LOWEST;
        while (after != null) {
            var from = after;
            after = view.<@Nullable String>repeated(now -> {
                generations.renew(held, owner, properties.rebuildLease(), now);
                return generations.deleteFacts(held.number(), from, properties.batchRows());
            });
        }
        guarded(held, now -> generations.deleted(held.number()));
        LOG.info("generation {} of the view is deleted", held.number());
    }

    private interface Move {
        void at(Instant now);
    }

    /** Does a move only while this instance is the one that works on the generation. */
    private void guarded(Generation held, Move move) {
        view.repeated(now -> {
            generations.renew(held, owner, properties.rebuildLease(), now);
            move.at(now);
            return true;
        });
    }
}
