package io.syncline.consumer.users;

import io.syncline.consumer.changes.ChangeTarget;
import io.syncline.consumer.changes.FeedProgress;
import io.syncline.consumer.store.Ids;
import io.syncline.consumer.store.Transactions;
import io.syncline.consumer.users.Generation.Purpose;
import java.util.List;
import java.util.Optional;

/** Opens generations, one at a time, and tells how they are. */
class Rebuilds {

    private final Transactions transactions;
    private final JdbcGenerations generations;
    private final JdbcGenerationSources sources;
    private final FeedProgress progress;
    private final ChangeTarget view;

    Rebuilds(
            Transactions transactions,
            JdbcGenerations generations,
            JdbcGenerationSources sources,
            FeedProgress progress,
            ChangeTarget view) {
        this.transactions = transactions;
        this.generations = generations;
        this.sources = sources;
        this.progress = progress;
        this.view = view;
    }

    /** What became of a request for a generation. */
    sealed interface Opened {
        record New(Generation generation) implements Opened {}

        /** Asked for under the same key before. */
        record Known(Generation generation) implements Opened {}

        /** Another one is being filled. */
        record Busy(Generation with) implements Opened {}
    }

    record Status(Generation generation, List<JdbcGenerationSources.Source> sources) {}

    static String newKey() {
        return "rebuild-" + Ids.next();
    }

    Opened open(Purpose purpose, String workKey) {
        return transactions.call(now -> {
            var unused = generations.lockLive();
            var known = generations.find(workKey);
            if (known.isPresent()) {
                return new Opened.Known(known.get());
            }
            var filling = generations.filling();
            if (filling.isPresent()) {
                return new Opened.Busy(filling.get());
            }
            var opened = generations.open(purpose, workKey, now);
            var applied = progress.progress();
            for (var dataset : view.datasets()) {
                var feed = applied.get(dataset);
                // Behind a gap numbers may begin anew: nothing that comes then is older than the extract.
                long seq = feed == null || feed.gone() ? 0 : feed.seq();
                sources.add(opened.number(), dataset, seq);
            }
            return new Opened.New(opened);
        });
    }

    Optional<Status> find(String workKey) {
        return transactions.call(now ->
                generations.find(workKey).map(found -> new Status(found, sources.of(found.number()))));
    }

    /** Opens a rebuild when only that helps. */
    void openIfGone() {
        if (progress.progress().values().stream().anyMatch(FeedProgress.Progress::gone)
                && transactions.call(now -> generations.filling()).isEmpty()) {
            var unused = open(Purpose.REBUILD, newKey());
        }
    }
}
