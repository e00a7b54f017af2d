package io.syncline.consumer.sync;

import io.syncline.consumer.store.Transactions;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What the copies of the provider's datasets hold. */
@Component
public class CopyStatus {

    private final Datasets datasets;
    private final Transactions transactions;
    private final JdbcDatasetStates states;

    CopyStatus(Datasets datasets, Transactions transactions, JdbcClient jdbc) {
        this.datasets = datasets;
        this.transactions = transactions;
        this.states = new JdbcDatasetStates(jdbc);
    }

    /**
     * One copy.
     *
     * @param path of the call that brings it up to date
     * @param source the provider's name of it
     * @param asOf of the extract that it holds or is being brought to; null: none yet
     * @param rows of that extract
     * @param isWritten whether a job writes it now
     */
    public record Copy(
            String path,
            String source,
            @Nullable Instant asOf,
            @Nullable Long rows,
            boolean isWritten,
            @Nullable Instant updatedAt) {}

    /** In the order of the configuration. */
    public List<Copy> all() {
        var held = transactions.call(now -> states.all().stream()
                .collect(Collectors.toMap(JdbcDatasetStates.Listed::dataset, Function.identity())));
        return datasets.keys().stream()
                .map(key -> copy(datasets.get(key), held.get(key)))
                .toList();
    }

    private static Copy copy(Dataset dataset, JdbcDatasetStates.@Nullable Listed held) {
        var path = "/sync/" + dataset.key();
        if (held == null || held.state().asOf() == null) {
            var isWritten = held != null && held.state().holderJob() != null;
            return new Copy(path, dataset.sourceName(), null, null, isWritten, null);
        }
        return new Copy(
                path,
                dataset.sourceName(),
                held.state().asOf(),
                held.state().heldRows(),
                held.state().holderJob() != null,
                held.updatedAt());
    }
}
