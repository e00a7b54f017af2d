package io.syncline.scheduler.ops;

import io.syncline.scheduler.catalog.ConfigApplied;
import io.syncline.scheduler.catalog.ConfigChanged;
import io.syncline.scheduler.catalog.Editor;
import io.syncline.scheduler.catalog.PlannedChange;
import io.syncline.scheduler.security.KeyChanged;
import io.syncline.scheduler.security.SecurityChanged;
import io.syncline.scheduler.store.DatabaseClock;
import io.syncline.scheduler.store.Ids;
import io.syncline.scheduler.trigger.ForeignSource;
import io.syncline.tracing.TraceContext;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.json.JsonMapper;

/** Keeps what operators did, in the transaction in which they did it: no action without its entry, no entry without its action. */
@Component
class Audit {

    private static final int LONGEST_REASON = 500;
    private static final int LONGEST_NAME = 200;

    private final JdbcAuditEntries entries;
    private final DatabaseClock clock;
    private final JsonMapper json;

    Audit(JdbcAuditEntries entries, DatabaseClock clock, JsonMapper json) {
        this.entries = entries;
        this.clock = clock;
        this.json = json;
    }

    @Transactional(propagation = Propagation.MANDATORY)
    public void record(
            String actor, String action, String kind, String key, @Nullable String reason, @Nullable Object details) {
        record(How.ofThisCall(), actor, action, kind, key, reason, details);
    }

    @Transactional(propagation = Propagation.MANDATORY)
    public void record(
            How how,
            String actor,
            String action,
            String kind,
            String key,
            @Nullable String reason,
            @Nullable Object details) {
        entries.insert(new AuditEntry(
                Ids.next(),
                clock.now(),
                cut(actor, LONGEST_NAME),
                how.name(),
                action,
                kind,
                cut(key, LONGEST_NAME),
                reason == null || reason.isEmpty() ? null : cut(reason, LONGEST_REASON),
                details == null ? null : json.writeValueAsString(details),
                TraceContext.traceId().orElse(null)));
    }

    @EventListener
    @Transactional
    public void on(ConfigChanged change) {
        record(
                change.means() == Editor.Means.PLAN ? How.PLAN : How.ofThisCall(),
                change.actor(),
                change.action(),
                change.kind().toLowerCase(Locale.ROOT),
                change.key(),
                change.reason(),
                new Documents(document(change.before()), document(change.after())));
    }

    @EventListener
    @Transactional
    public void on(ConfigApplied applied) {
        var details = new LinkedHashMap<String, Object>();
        details.put("created", applied.plan().named(PlannedChange.Action.CREATE));
        details.put("updated", applied.plan().named(PlannedChange.Action.UPDATE));
        details.put("deleted", applied.plan().named(PlannedChange.Action.DELETE));
        details.put("managed", applied.plan().newlyManaged());
        if (applied.source() != null) {
            details.put("source", applied.source());
        }
        record(How.PLAN, applied.actor(), "apply", "config", applied.plan().planHash(), applied.reason(), details);
    }

    @EventListener
    @Transactional
    public void on(ForeignSource refused) {
        record(refused.client(), "refused", "trigger", refused.source(), null, Map.of("id", refused.messageId()));
    }

    @EventListener
    @Transactional
    public void on(KeyChanged change) {
        var details = new LinkedHashMap<String, String>();
        details.put("purpose", change.purpose().name());
        var current = change.current();
        if (current != null) {
            details.put("current", current);
        }
        record(change.actor(), change.action(), "signing-key", change.kid(), change.reason(), details);
    }

    @EventListener
    @Transactional
    public void on(SecurityChanged change) {
        var details = change.before() == null && change.after() == null
                ? null
                : new Documents(change.before(), change.after());
        record(change.actor(), change.action(), change.kind(), change.key(), change.reason(), details);
    }

    private @Nullable Object document(@Nullable String text) {
        return text == null ? null : json.readTree(text);
    }

    private static String cut(String text, int length) {
        return text.length() <= length ? text : text.substring(0, length);
    }

    private record Documents(
            @Nullable Object before, @Nullable Object after) {}
}
