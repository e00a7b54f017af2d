package io.syncline.consumer.publish;

import io.syncline.consumer.csv.FileForm;
import io.syncline.consumer.csv.PlainCsv;
import io.syncline.consumer.publish.Aggregate.Group;
import io.syncline.consumer.publish.Publication.PublishedFile;
import io.syncline.consumer.store.Transactions;
import io.syncline.contracts.Reconciliation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Publishes the day: counts, writes, reads what it wrote, and compares that with a second count. */
class Publisher {

    private final Transactions transactions;
    private final JdbcAggregates aggregates;
    private final PublicationStore store;

    Publisher(Transactions transactions, JdbcAggregates aggregates, PublicationStore store) {
        this.transactions = transactions;
        this.aggregates = aggregates;
        this.store = store;
    }

    /** What was published, and how it compares with the tables. */
    record Outcome(Publication publication, Reconciliation reconciliation) {}

    private record Counted(
            Map<String, java.time.@Nullable Instant> asOf,
            Map<Aggregate, List<Group>> groups,
            Map<Aggregate, Map<List<@Nullable String>, Long>> recounts,
            Map<Aggregate, Long> rows) {}

    /** Publishes only what balances; an outcome that does not leaves the earlier publication in place. */
    Outcome publish(String businessKey) throws IOException {
        var counted = transactions.snapshot(this::count);
        var files = new ArrayList<PublishedFile>();
        long actual = 0;
        long expected = 0;
        long missing = 0;
        long unexpected = 0;
        long different = 0;
        for (var aggregate : Aggregate.values()) {
            var file = store.write(businessKey, aggregate, groups(counted, aggregate));
            files.add(file);
            var written = read(businessKey, file);
            var recount = counted.recounts().getOrDefault(aggregate, Map.of());
            actual += written.values().stream().mapToLong(Long::longValue).sum();
            expected += counted.rows().getOrDefault(aggregate, 0L);
            missing += recount.keySet().stream()
                    .filter(group -> !written.containsKey(group))
                    .count();
            unexpected += written.keySet().stream()
                    .filter(group -> !recount.containsKey(group))
                    .count();
            different += recount.entrySet().stream()
                    .filter(group -> written.containsKey(group.getKey()))
                    .filter(group -> !group.getValue().equals(written.get(group.getKey())))
                    .count();
        }
        var publication = new Publication(businessKey, counted.asOf(), files);
        var reconciliation = new Reconciliation(expected, actual, missing, unexpected, different);
        if (reconciliation.isBalanced(0)) {
            store.publish(publication);
        }
        return new Outcome(publication, reconciliation);
    }

    private Counted count() {
        Map<Aggregate, List<Group>> groups = new EnumMap<>(Aggregate.class);
        Map<Aggregate, Map<List<@Nullable String>, Long>> recounts = new EnumMap<>(Aggregate.class);
        Map<Aggregate, Long> rows = new EnumMap<>(Aggregate.class);
        for (var aggregate : Aggregate.values()) {
            groups.put(aggregate, aggregates.groups(aggregate));
            recounts.put(aggregate, aggregates.recount(aggregate));
            rows.put(aggregate, aggregates.count(aggregate));
        }
        return new Counted(aggregates.asOf(), groups, recounts, rows);
    }

    private static List<Group> groups(Counted counted, Aggregate aggregate) {
        return counted.groups().getOrDefault(aggregate, List.of());
    }

    /** The groups as they stand in the file. */
    private Map<List<@Nullable String>, Long> read(String businessKey, PublishedFile file) throws IOException {
        Map<List<@Nullable String>, Long> groups = new HashMap<>();
        try (var csv = new PlainCsv(store.path(businessKey, file), FileForm.PLAIN)) {
            csv.next(); // the header
            for (var fields = csv.next(); fields != null; fields = csv.next()) {
                var members = new ArrayList<>(fields.subList(0, fields.size() - 1));
                groups.merge(members, Long.parseLong(String.valueOf(fields.get(fields.size() - 1))), Long::sum);
            }
        }
        return groups;
    }
}
