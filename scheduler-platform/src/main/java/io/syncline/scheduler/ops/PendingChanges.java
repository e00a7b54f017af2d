package io.syncline.scheduler.ops;

import io.syncline.scheduler.catalog.ConfigPlan;
import io.syncline.scheduler.catalog.PlannedChange;
import io.syncline.scheduler.ops.PendingChange.State;
import io.syncline.scheduler.security.CallReplay;
import io.syncline.scheduler.security.Caller;
import io.syncline.scheduler.security.Expiring;
import io.syncline.scheduler.security.ProblemException;
import io.syncline.scheduler.security.SecondApprover;
import io.syncline.scheduler.security.SecretBox;
import io.syncline.scheduler.store.DatabaseClock;
import io.syncline.scheduler.store.Ids;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/**
 * Changes that take two. What one has asked for is kept as the call that was made; once somebody else has approved it, the call
 * is made in the proposer's name, with the rights that the proposer has by then, in the transaction of the approval. A version
 * that was meant and has passed makes it stale.
 */
@Component
public class PendingChanges implements Expiring {

    static final int MOST_PENDING = 100;
    private static final Logger LOG = LoggerFactory.getLogger(PendingChanges.class);
    private static final Duration ANSWERS_KEPT = Duration.ofDays(7);
    private static final int AT_ONCE = 200;

    private final JdbcPendingChanges rows;
    private final CallReplay replay;
    private final SecretBox box;
    private final ApprovalProperties properties;
    private final Audit audit;
    private final DatabaseClock clock;
    private final TransactionTemplate transaction;
    private final JsonMapper json;

    PendingChanges(
            JdbcPendingChanges rows,
            CallReplay replay,
            SecretBox box,
            ApprovalProperties properties,
            Audit audit,
            DatabaseClock clock,
            PlatformTransactionManager transactions,
            JsonMapper json) {
        this.rows = rows;
        this.replay = replay;
        this.box = box;
        this.properties = properties;
        this.audit = audit;
        this.clock = clock;
        this.transaction = new TransactionTemplate(transactions);
        this.json = json;
        var makingApprovers =
                EnumSet.of(SecondApprover.Kind.CLIENTS, SecondApprover.Kind.USERS, SecondApprover.Kind.ISSUERS);
        makingApprovers.removeAll(properties.requiredFor());
        if (!properties.requiredFor().isEmpty() && !makingApprovers.isEmpty()) {
            LOG.warn(
                    "An administrator alone can make the second approver: name {} in syncline.approval.required-for as well",
                    makingApprovers.stream().map(PendingChanges::wire).toList());
        }
    }

    /** A call that is to be kept or refused, with the request that it came in. */
    record Proposal(
            SecondApprover.Kind kind,
            String key,
            CallReplay.Call call,
            Caller caller,
            HttpServletRequest request,
            HttpServletResponse response) {

        CallReplay.Answer made(CallReplay replay, CallReplay.Call other) {
            return replay.make(other, caller, request, response);
        }
    }

    /** What became of a proposal: kept, or refused by the route as it would have been at once. */
    record Proposed(@Nullable PendingChange kept, CallReplay.@Nullable Answer refused) {}

    boolean needsApproval(SecondApprover.Kind kind) {
        return properties.requiredFor().contains(kind);
    }

    Proposed propose(Proposal proposal) {
        var call = proposal.call();
        var standing = proposal.made(replay, new CallReplay.Call("GET", call.target(), Map.of(), new byte[0]));
        var exists = standing.status() == 200;
        var before = exists ? ChangeDocuments.answered(standing.body(), json) : null;
        var pinned = pinned(call, exists ? standing.headers().get("ETag") : null);
        String after;
        if (proposal.kind().canBeTried()) {
            var tried = Objects.requireNonNull(transaction.execute(status -> {
                status.setRollbackOnly();
                return proposal.made(replay, pinned);
            }));
            if (tried.status() >= 400) {
                return new Proposed(null, tried);
            }
            after = ChangeDocuments.answered(tried.body(), json);
        } else {
            after = ChangeDocuments.masked(call.body(), json);
        }
        return new Proposed(keep(proposal, pinned, before, after, labels(proposal.kind(), before, after)), null);
    }

    /** Whether there is any plan that needs a second approver. */
    boolean asksForPlans() {
        return !properties.requiredFor().isEmpty();
    }

    /** A plan is no way around the second approver of what it changes. */
    boolean needsApproval(ConfigPlan plan) {
        var changing = plan.changes().stream()
                .filter(change -> change.action() != PlannedChange.Action.UNCHANGED || change.newlyManaged())
                .toList();
        return !changing.isEmpty()
                && (needsApproval(SecondApprover.Kind.PLANS)
                        || changing.stream()
                                .map(PlannedChange::approval)
                                .anyMatch(kind -> kind != null && needsApproval(kind)));
    }

    /** Keeps a plan that was looked at already; its hash pins what will be carried out. */
    PendingChange proposePlan(Proposal proposal, ConfigPlan plan, String shown) {
        var sides = new ArrayList<List<String>>();
        plan.changes().forEach(change -> {
            if (change.labelsBefore() != null) {
                sides.add(change.labelsBefore());
            }
            if (change.labelsAfter() != null) {
                sides.add(change.labelsAfter());
            }
        });
        return keep(proposal, proposal.call(), null, shown, json.writeValueAsString(sides));
    }

    private @Nullable String labels(SecondApprover.Kind kind, @Nullable String before, @Nullable String after) {
        return switch (kind) {
            case SYSTEMS, GROUPS -> ChangeDocuments.labels(before, after, json);
            case DESTINATIONS, CLIENTS, USERS, ISSUERS, KEYS, PLANS -> null;
        };
    }

    /** An If-Match of any version would approve what nobody has seen, so it means the version that stands now. */
    private static CallReplay.Call pinned(CallReplay.Call call, @Nullable String etag) {
        if (etag == null || !"*".equals(call.headers().get("If-Match"))) {
            return call;
        }
        var headers = new LinkedHashMap<>(call.headers());
        headers.put("If-Match", etag);
        return new CallReplay.Call(call.method(), call.target(), headers, call.body());
    }

    private PendingChange keep(
            Proposal proposal,
            CallReplay.Call call,
            @Nullable String before,
            @Nullable String after,
            @Nullable String labels) {
        var caller = proposal.caller();
        return Objects.requireNonNull(transaction.execute(status -> {
            var now = clock.now();
            var isPerson = caller.person() != null;
            if (rows.pendingOf(caller.subject(), isPerson, now) >= MOST_PENDING) {
                throw ProblemException.of(409, "too-many-changes", "Too many changes wait for approval")
                        .detail("Have some of your " + MOST_PENDING + " pending changes approved or rejected first.");
            }
            var id = Ids.next();
            var change = new PendingChange(
                    id,
                    State.PENDING,
                    proposal.kind(),
                    proposal.key(),
                    call.method(),
                    call.target(),
                    call.headers().get("Content-Type"),
                    call.headers().get("If-Match"),
                    call.headers().get("If-None-Match"),
                    sealed(call.body(), id, JdbcPendingChanges.BODY),
                    before,
                    after,
                    labels,
                    caller.subject(),
                    isPerson,
                    caller.scopes(),
                    now,
                    now.plus(properties.expiresAfter()),
                    null,
                    null,
                    null,
                    null,
                    null);
            rows.insert(change);
            audit.record(caller.subject(), "propose", "change", id, null, named(change));
            return change;
        }));
    }

    /** Those that the caller may see, newest first. */
    List<PendingChange> page(@Nullable State state, @Nullable String before, int count, Caller caller) {
        var shown = new ArrayList<PendingChange>();
        var from = before;
        while (shown.size() < count) {
            var some = rows.page(state, from, AT_ONCE);
            some.stream().filter(change -> isVisible(change, caller)).forEach(shown::add);
            if (some.size() < AT_ONCE) {
                break;
            }
            from = some.get(some.size() - 1).changeId();
        }
        return shown.size() > count ? List.copyOf(shown.subList(0, count)) : shown;
    }

    /** @throws ProblemException 404 for one that the caller may not see as well */
    PendingChange get(String changeId, Caller caller) {
        return rows.find(changeId).filter(change -> isVisible(change, caller)).orElseThrow(() -> unknown(changeId));
    }

    Instant now() {
        return Objects.requireNonNull(transaction.execute(status -> clock.now()));
    }

    /** Carries the change out; the answer of its route tells what became of it, and is for the proposer. */
    CallReplay.Answer approve(
            String changeId, String reason, Caller approver, HttpServletRequest request, HttpServletResponse response) {
        var change = decidable(changeId, approver);
        var call = call(change);
        var answer = Objects.requireNonNull(transaction.execute(status -> {
            if (!rows.decide(changeId, State.APPLIED, approver.subject(), reason, clock.now())) {
                throw decided(get(changeId, approver));
            }
            var proposer = replay.today(change.proposedBy(), change.proposerIsPerson(), change.scopes())
                    .orElseThrow(PendingChanges::proposerGone);
            var made = replay.make(call, proposer, request, response);
            if (made.status() >= 400) {
                status.setRollbackOnly();
                return made;
            }
            rows.answered(changeId, made.status(), sealed(made.body(), changeId, JdbcPendingChanges.ANSWER));
            audit.record(approver.subject(), "approve", "change", changeId, reason, named(change));
            return made;
        }));
        if (answer.status() >= 400 && answer.status() < 500) {
            end(change, answer.status() == 412 ? State.STALE : State.FAILED, approver, reason, answer.status());
        }
        return answer;
    }

    void reject(String changeId, String reason, Caller approver) {
        var change = decidable(changeId, approver);
        transaction.executeWithoutResult(status -> {
            if (!rows.decide(changeId, State.REJECTED, approver.subject(), reason, clock.now())) {
                throw decided(get(changeId, approver));
            }
            audit.record(approver.subject(), "reject", "change", changeId, reason, named(change));
        });
    }

    private void end(PendingChange change, State state, Caller approver, String reason, int code) {
        transaction.executeWithoutResult(status -> {
            if (rows.decide(change.changeId(), state, approver.subject(), reason, clock.now())) {
                rows.answered(change.changeId(), code, null);
                var details = named(change);
                details.put("state", state.name());
                audit.record(approver.subject(), "approve", "change", change.changeId(), reason, details);
            }
        });
    }

    /** What the route answered, told once and to the proposer alone: it may hold a secret. */
    Optional<byte[]> answer(String changeId, Caller caller) {
        var change = get(changeId, caller);
        if (!isProposer(change, caller)) {
            throw unknown(changeId);
        }
        var sealed = change.sealedAnswer();
        if (sealed == null || !Boolean.TRUE.equals(transaction.execute(status -> rows.forgetAnswer(changeId)))) {
            return Optional.empty();
        }
        return Optional.of(opened(sealed, changeId, JdbcPendingChanges.ANSWER));
    }

    /** Ends what nobody has approved in time and forgets answers that nobody has asked for. */
    @Override
    public void purge() {
        transaction.executeWithoutResult(status -> {
            var now = clock.now();
            rows.expire(now);
            rows.forgetAnswersBefore(now.minus(ANSWERS_KEPT));
        });
    }

    boolean mayDecide(PendingChange change, Caller caller) {
        return !isProposer(change, caller) && mayCall(change, caller);
    }

    static boolean isProposer(PendingChange change, Caller caller) {
        return change.proposedBy().equals(caller.subject()) && change.proposerIsPerson() == (caller.person() != null);
    }

    private boolean isVisible(PendingChange change, Caller caller) {
        return isProposer(change, caller) || mayCall(change, caller);
    }

    private boolean mayCall(PendingChange change, Caller caller) {
        return replay.letsIn(change.method(), change.target(), caller)
                && ChangeDocuments.within(caller.labels(), change.labels(), json);
    }

    private PendingChange decidable(String changeId, Caller approver) {
        var change = get(changeId, approver);
        if (isProposer(change, approver)) {
            throw ProblemException.of(409, "same-person", "Somebody else must decide")
                    .detail("Have another person or client approve or reject what you have proposed.");
        }
        if (change.stateAt(now()) != State.PENDING) {
            throw decided(change);
        }
        return change;
    }

    private ProblemException decided(PendingChange change) {
        var state = change.stateAt(now());
        return ProblemException.of(409, "change-not-pending", "The change is no longer pending")
                .detail("The change is " + state + "; propose it anew if it is still wanted.")
                .member("currentState", state.name());
    }

    private CallReplay.Call call(PendingChange change) {
        var headers = new LinkedHashMap<String, String>();
        put(headers, "Content-Type", change.contentType());
        put(headers, "If-Match", change.ifMatch());
        put(headers, "If-None-Match", change.ifNoneMatch());
        var sealed = change.sealedBody();
        return new CallReplay.Call(
                change.method(),
                change.target(),
                headers,
                sealed == null ? new byte[0] : opened(sealed, change.changeId(), JdbcPendingChanges.BODY));
    }

    private static void put(Map<String, String> headers, String name, @Nullable String content) {
        if (content != null) {
            headers.put(name, content);
        }
    }

    private @Nullable String sealed(byte[] bytes, String changeId, String column) {
        return bytes.length == 0
                ? null
                : box.seal(Base64.getEncoder().encodeToString(bytes), JdbcPendingChanges.cell(changeId, column));
    }

    private byte[] opened(String sealed, String changeId, String column) {
        var text = box.open(sealed, JdbcPendingChanges.cell(changeId, column));
        return Base64.getDecoder().decode(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static Map<String, Object> named(PendingChange change) {
        var named = new LinkedHashMap<String, Object>();
        named.put("kind", wire(change.kind()));
        named.put("key", change.key());
        named.put("method", change.method());
        named.put("proposedBy", change.proposedBy());
        return named;
    }

    static String wire(SecondApprover.Kind kind) {
        return kind.name().toLowerCase(java.util.Locale.ROOT);
    }

    private static ProblemException proposerGone() {
        return ProblemException.of(409, "proposer-gone", "The proposer may do nothing any more")
                .detail("The client or account that proposed the change is deleted or disabled; reject it.");
    }

    private static ProblemException unknown(String changeId) {
        return ProblemException.of(404, "not-found", "Not found").detail("There is no change " + changeId + ".");
    }
}
