package io.syncline.scheduler.catalog;

import io.syncline.scheduler.security.Labels;
import io.syncline.scheduler.security.ProblemException;
import io.syncline.scheduler.store.DatabaseClock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Carries out what many documents say, in one transaction: all or nothing. A plan is the same, undone: what it tells is what
 * would happen, judged by the rules of the single routes.
 */
@Service
public class ConfigPlans {

    private static final int PAGE = 200;

    private final Map<String, DocumentKind> kinds = new TreeMap<>();
    private final DocumentSchema schema;
    private final ManagedObjects managed;
    private final DatabaseClock clock;
    private final TransactionOperations transactions;
    private final ApplicationEventPublisher events;

    ConfigPlans(
            List<DocumentKind> kinds,
            DocumentSchema schema,
            ManagedObjects managed,
            DatabaseClock clock,
            TransactionOperations transactions,
            ApplicationEventPublisher events) {
        kinds.forEach(kind -> this.kinds.put(kind.kind(), kind));
        this.schema = schema;
        this.managed = managed;
        this.clock = clock;
        this.transactions = transactions;
        this.events = events;
    }

    /** What would change. @throws ProblemException 400, or 422 with all that is wrong with all the documents */
    public ConfigPlan plan(PlanRequest request, Editor editor) {
        PlanDocuments documents = PlanDocuments.read(request, kinds.keySet());
        return inTransaction(status -> {
            status.rollback();
            Planning planning = planning(documents, request, editor);
            return planning.carriedOut();
        });
    }

    /**
     * Changes it.
     *
     * @param planHash of the plan that is meant
     * @throws ProblemException 400, 412 when it is no longer the plan, or 422 with all that is wrong
     */
    public ConfigPlan apply(PlanRequest request, String planHash, Editor editor) {
        PlanDocuments documents = PlanDocuments.read(request, kinds.keySet());
        return inTransaction(status -> {
            Planning planning = planning(documents, request, editor);
            if (!planning.hash().equals(planHash)) {
                throw stale();
            }
            ConfigPlan plan = planning.carriedOut();
            planning.mark(request.source(), clock.now());
            events.publishEvent(new ConfigApplied(editor.name(), plan, request.source(), editor.reason()));
            return plan;
        });
    }

    /** The refusal of a plan that is not what would happen now. */
    public static ProblemException stale() {
        return ProblemException.of(412, "plan-stale", "The plan is stale")
                .detail("The documents or what they change are not those of the plan; plan again and look at it anew.");
    }

    private Planning planning(PlanDocuments documents, PlanRequest request, Editor editor) {
        List<Planning.Pruned> pruned = request.prune() ? labelled(documents, request, editor.labels()) : List.of();
        lock(documents, pruned);
        return new Planning(kinds, schema, managed, documents, pruned, request, editor);
    }

    /** What bears all the labels and is not among the documents. */
    private List<Planning.Pruned> labelled(PlanDocuments documents, PlanRequest request, Labels reach) {
        List<Planning.Pruned> found = new ArrayList<>();
        for (DocumentKind kind : kinds.values()) {
            all(kind, reach, version -> {
                if (!documents.holds(kind.kind(), version.key())
                        && PlanDocuments.labels(version).containsAll(request.labels())) {
                    found.add(new Planning.Pruned(kind.kind(), version.key()));
                }
            });
        }
        return found;
    }

    static void all(DocumentKind kind, Labels reach, Consumer<StoredVersion> each) {
        String last = " ";
        List<StoredVersion> page;
        do {
            page = kind.after(last, PAGE, reach);
            page.forEach(each);
            last = page.isEmpty() ? last : page.get(page.size() - 1).key();
        } while (page.size() == PAGE);
    }

    /** In the order of the single routes: a group before the systems that it names, each by key. */
    private void lock(PlanDocuments documents, List<Planning.Pruned> pruned) {
        Map<String, Set<String>> keys = new HashMap<>();
        for (PlanDocuments.Sent sent : documents.sent()) {
            keys.computeIfAbsent(sent.kind(), none -> new TreeSet<>()).add(sent.key());
            Objects.requireNonNull(kinds.get(sent.kind()))
                    .references(sent.document())
                    .forEach((kind, named) ->
                            keys.computeIfAbsent(kind, none -> new TreeSet<>()).addAll(named));
        }
        pruned.forEach(gone ->
                keys.computeIfAbsent(gone.kind(), none -> new TreeSet<>()).add(gone.key()));
        kinds.values().stream()
                .sorted(Comparator.comparingInt(DocumentKind::rank).reversed())
                .forEach(kind -> keys.getOrDefault(kind.kind(), Set.of()).forEach(kind::lock));
    }

    private interface Rollback {
        void rollback();
    }

    private interface Work {
        ConfigPlan run(Rollback status);
    }

    private ConfigPlan inTransaction(Work work) {
        try {
            return Objects.requireNonNull(transactions.execute(status -> work.run(status::setRollbackOnly)));
        } catch (DuplicateKeyException e) {
            // somebody else has created one of the objects between our look and our insert
            throw stale().cause(e);
        }
    }
}
