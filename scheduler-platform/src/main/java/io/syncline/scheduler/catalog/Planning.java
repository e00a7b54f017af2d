package io.syncline.scheduler.catalog;

import io.syncline.scheduler.catalog.PlannedChange.Action;
import io.syncline.scheduler.security.ProblemError;
import io.syncline.scheduler.security.ProblemException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.UnexpectedRollbackException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** One plan on its way, in one transaction, everything that it touches locked. */
final class Planning {

    private static final JsonNode HIDDEN = JsonNodeFactory.instance.stringNode("(not shown)");

    /** An object that is to be deleted. */
    record Pruned(String kind, String key) {}

    /** What is to become of one object. */
    private static final class Step {

        private final DocumentKind kind;
        private final String key;
        private final PlanDocuments.@Nullable Sent sent;
        private final @Nullable StoredVersion before;
        private final @Nullable ObjectNode canonicalBefore;
        private final @Nullable ObjectNode canonicalAfter;
        private final List<String> secrets;
        private final Action action;
        private final boolean mayMark;
        private final boolean newlyManaged;
        private final List<String> warnings = new ArrayList<>();
        private @Nullable StoredVersion after;

        Step(
                DocumentKind kind,
                String key,
                PlanDocuments.@Nullable Sent sent,
                @Nullable StoredVersion before,
                DocumentSchema schema,
                ManagedObjects managed,
                Editor editor) {
            this.kind = kind;
            this.key = key;
            this.sent = sent;
            this.before = before;
            canonicalBefore = before == null ? null : schema.canonical(kind.kind(), Documents.json(before.document()));
            canonicalAfter = sent == null ? null : schema.canonical(kind.kind(), Documents.stored(sent.document()));
            secrets = sent == null ? List.of() : schema.secrets(kind.kind(), sent.document());
            action = action();
            // what is unchanged is not written, and so nobody else asks whether this editor might
            mayMark = sent != null
                    && (before == null
                            || action != Action.UNCHANGED
                            || editor.labels().reach(PlanDocuments.labels(before)));
            newlyManaged = mayMark && managed.find(kind.kind(), key).isEmpty();
        }

        private Action action() {
            if (sent == null) {
                return Action.DELETE;
            }
            if (before == null) {
                return Action.CREATE;
            }
            return secrets.isEmpty() && Objects.equals(canonicalBefore, canonicalAfter)
                    ? Action.UNCHANGED
                    : Action.UPDATE;
        }

        private @Nullable Integer version() {
            return before == null ? null : before.version();
        }

        private PlannedChange told() {
            List<FieldChange> fields = new ArrayList<>(FieldChanges.between(canonicalBefore, canonicalAfter));
            secrets.forEach(pointer -> fields.add(new FieldChange(pointer, before == null ? null : HIDDEN, HIDDEN)));
            return new PlannedChange(
                    kind.kind(),
                    key,
                    action,
                    sent == null ? null : sent.place(),
                    version(),
                    after == null || action == Action.UNCHANGED ? null : after.version(),
                    fields,
                    warnings,
                    canonicalBefore == null ? null : PlanDocuments.labels(canonicalBefore),
                    canonicalAfter == null ? null : PlanDocuments.labels(canonicalAfter),
                    kind.approval(),
                    newlyManaged);
        }
    }

    private final ManagedObjects managed;
    private final Editor editor;
    private final ProblemException faults;
    private final List<Step> steps = new ArrayList<>();
    private final Set<String> failed = new HashSet<>();

    Planning(
            Map<String, DocumentKind> kinds,
            DocumentSchema schema,
            ManagedObjects managed,
            PlanDocuments documents,
            List<Pruned> pruned,
            PlanRequest request,
            Editor editor) {
        this.managed = managed;
        this.editor = editor;
        this.faults = documents.faults();
        for (PlanDocuments.Sent sent : documents.sent()) {
            DocumentKind kind = Objects.requireNonNull(kinds.get(sent.kind()));
            StoredVersion before = kind.current(sent.key(), editor.labels()).orElse(null);
            steps.add(new Step(kind, sent.key(), sent, before, schema, managed, editor));
        }
        for (Pruned gone : pruned) {
            DocumentKind kind = Objects.requireNonNull(kinds.get(gone.kind()));
            // it may have changed before it was locked
            kind.current(gone.key(), editor.labels())
                    .filter(version -> PlanDocuments.labels(version).containsAll(request.labels()))
                    .ifPresent(
                            version -> steps.add(new Step(kind, gone.key(), null, version, schema, managed, editor)));
        }
        steps.sort(Comparator.comparing((Step step) -> step.kind.kind()).thenComparing(step -> step.key));
    }

    /** Names the documents, what becomes of them and the versions that stand. */
    String hash() {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        for (Step step : steps) {
            ArrayNode one = all.addArray();
            one.add(step.kind.kind()).add(step.key).add(step.action.name());
            one.add(step.version());
            one.add(step.canonicalAfter);
            step.secrets.stream().sorted().forEach(one::add);
        }
        try {
            byte[] bytes = Documents.toJson(all).getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Writes everything. @throws ProblemException 422 with all that is wrong; the transaction is to be rolled back then */
    ConfigPlan carriedOut() {
        List<Step> byRank = new ArrayList<>(steps);
        byRank.sort(Comparator.comparingInt(step -> step.kind.rank()));
        for (Step step : byRank) {
            if (step.action == Action.CREATE || step.action == Action.UPDATE) {
                attempt(step, () -> put(step));
            }
        }
        for (int i = byRank.size() - 1; i >= 0; i--) {
            Step step = byRank.get(i);
            if (step.action == Action.DELETE) {
                attempt(step, () -> step.kind.delete(step.key, Objects.requireNonNull(step.version()), editor));
            }
        }
        for (Step step : byRank) {
            if (step.after != null) {
                attempt(step, () -> step.kind.verify(step.key, step.before, editor));
            }
        }
        if (faults.hasErrors()) {
            throw faults;
        }
        steps.forEach(this::warn);
        return new ConfigPlan(hash(), steps.stream().map(Step::told).toList());
    }

    /** Has files manage what was sent, as far as this editor may change it. */
    void mark(@Nullable String source, Instant now) {
        for (Step step : steps) {
            if (step.mayMark
                    && managed.find(step.kind.kind(), step.key)
                            .filter(mark -> Objects.equals(mark.source(), source))
                            .isEmpty()) {
                managed.mark(step.kind.kind(), step.key, source, editor, now);
            }
        }
    }

    private void put(Step step) {
        ObjectNode document = Objects.requireNonNull(step.sent).document().deepCopy();
        step.after = step.kind.put(step.key, document, step.version(), editor);
    }

    private void warn(Step step) {
        if (step.action != Action.UNCHANGED) {
            step.warnings.addAll(step.kind.warnings(step.before, step.after));
        }
        if (step.before != null && step.newlyManaged) {
            step.warnings.add("managed by hand until now; files manage it from now on");
        }
    }

    private void attempt(Step step, Runnable move) {
        try {
            move.run();
        } catch (ProblemException e) {
            if (step.action == Action.CREATE
                    && step.after == null
                    && step.kind.current(step.key, editor.labels()).isPresent()) {
                // somebody else has created it between our look and our attempt
                throw ConfigPlans.stale();
            }
            failed.add(step.key);
            tell(step, e);
        } catch (UnexpectedRollbackException e) {
            // an earlier refusal has ended the transaction; what it was is told
            if (!faults.hasErrors()) {
                throw e;
            }
        }
    }

    private void tell(Step step, ProblemException problem) {
        PlanDocuments.Sent sent = step.sent;
        String slug = problem.type().substring(problem.type().lastIndexOf('/') + 1);
        if (sent == null) {
            faults.parameterError(
                    "prune", step.kind.kind() + " " + step.key + " cannot be deleted: " + problem.detail(), slug);
            return;
        }
        if (problem.errors().isEmpty()) {
            faults.error("/" + sent.place(), sent.name() + ": " + problem.detail(), slug);
        }
        for (ProblemError error : problem.errors()) {
            String pointer = error.pointer() == null ? "" : error.pointer();
            if (!followsFromAnother(sent, pointer, error.code())) {
                faults.error("/" + sent.place() + pointer, sent.name() + ": " + error.detail(), error.code());
            }
        }
    }

    /** What names another document of the plan that could not be stored is not wrong itself. */
    private boolean followsFromAnother(PlanDocuments.Sent sent, String pointer, String code) {
        return code.startsWith("unknown-")
                && !code.equals(DocumentError.UNKNOWN_MEMBER)
                && failed.contains(sent.document().at(pointer).asString(""));
    }
}
