package io.syncline.scheduler.quartz;

import io.syncline.scheduler.catalog.AlertCondition;
import io.syncline.scheduler.catalog.AlertSignal;
import io.syncline.scheduler.catalog.AlertSignals;
import io.syncline.scheduler.catalog.TaskGroup;
import io.syncline.scheduler.catalog.TaskGroups;
import io.syncline.scheduler.run.GroupActivity;
import io.syncline.scheduler.store.DatabaseClock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
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

/**
 * Looks whether groups do what is expected of them: that a trigger comes by a time of the day, and that a run succeeds often
 * enough. It looks at the runs when the time has come, so no run pays for it. A pause keeps no trigger from coming, but every
 * run from succeeding: freshness is not looked at while it lasts.
 */
@Component
class Watches {

    private static final Logger LOG = LoggerFactory.getLogger(Watches.class);
    private static final int BATCH = 200;

    private final TaskGroups groups;
    private final JdbcWatches watches;
    private final GroupActivity activity;
    private final AlertSignals signals;
    private final DatabaseClock clock;
    private final TransactionTemplate transaction;

    Watches(
            TaskGroups groups,
            JdbcWatches watches,
            GroupActivity activity,
            AlertSignals signals,
            DatabaseClock clock,
            PlatformTransactionManager transactions) {
        this.groups = groups;
        this.watches = watches;
        this.activity = activity;
        this.signals = signals;
        this.clock = clock;
        this.transaction = new TransactionTemplate(transactions);
    }

    private record Id(String group, AlertCondition condition) {}

    /** Makes the watches what the catalogue says. */
    void align() {
        var standing = new HashMap<Id, String>();
        watches.all().forEach(watch -> standing.put(new Id(watch.group(), watch.condition()), watch.spec()));
        var wanted = new HashMap<Id, String>();
        groups.all().forEach(group -> wanted.putAll(wanted(group)));
        var changed = new ArrayList<Id>();
        wanted.forEach((id, spec) -> {
            if (!spec.equals(standing.get(id))) {
                changed.add(id);
            }
        });
        standing.keySet().stream().filter(id -> !wanted.containsKey(id)).forEach(changed::add);
        for (var id : changed) {
            safely(id, () -> alignOne(id));
        }
    }

    private static Map<Id, String> wanted(TaskGroup group) {
        var wanted = new HashMap<Id, String>();
        if (group.expectBy() != null) {
            wanted.put(new Id(group.key(), AlertCondition.EXPECTED_TRIGGER_MISSING), Watch.spec(group.expectBy()));
        }
        if (group.freshness() != null) {
            wanted.put(
                    new Id(group.key(), AlertCondition.FRESHNESS),
                    group.freshness().toString());
        }
        return wanted;
    }

    private void alignOne(Id id) {
        var before = watches.lock(id.group(), id.condition()).orElse(null);
        var after = wanted(id, before);
        if (before != null && before.standingSince() != null) {
            signals.cure(id.condition(), List.of(AlertSignal.group(id.group())));
        }
        if (after == null) {
            if (before != null) {
                watches.delete(before);
            }
        } else if (before == null) {
            watches.insert(after);
        } else {
            watches.update(after);
        }
    }

    private @Nullable Watch wanted(Id id, @Nullable Watch before) {
        var group = groups.current(id.group()).orElse(null);
        if (group == null) {
            return null;
        }
        var now = clock.now();
        if (id.condition() == AlertCondition.FRESHNESS) {
            var freshness = group.freshness();
            if (freshness == null) {
                return null;
            }
            // Looked at as soon as it begins: with runs of before, all may be well for long, or be stale already.
            return Watch.fresh(id.group(), freshness, before == null ? now : before.begunAt())
                    .dueAt(now);
        }
        return group.expectBy() == null ? null : Watch.expecting(id.group(), group.expectBy(), now);
    }

    /** Looks at what is due; bounded, what is left is looked at next time. */
    void look() {
        var now = Objects.requireNonNull(transaction.execute(status -> clock.now()));
        for (var due : watches.due(now, BATCH)) {
            var id = new Id(due.group(), due.condition());
            safely(id, () -> lookAt(id));
        }
    }

    private void lookAt(Id id) {
        var watch = watches.lock(id.group(), id.condition()).orElse(null);
        var group = groups.current(id.group()).orElse(null);
        var now = clock.now();
        if (watch == null || group == null || watch.nextCheckAt().isAfter(now)) {
            return;
        }
        var after = id.condition() == AlertCondition.FRESHNESS
                ? lookedAtSuccess(watch, group, now)
                : lookedAtTrigger(watch, group, now);
        if (after.isEmpty()) {
            return;
        }
        watches.update(after.get());
        tell(watch, after.get());
    }

    private Optional<Watch> lookedAtTrigger(Watch watch, TaskGroup group, Instant now) {
        var expectBy = group.expectBy();
        if (expectBy == null || !Watch.spec(expectBy).equals(watch.spec())) {
            return Optional.empty();
        }
        var since = Watch.previousDeadline(expectBy, watch.deadline());
        return Optional.of(watch.lookAtTrigger(activity.triggeredSince(group.key(), since), expectBy, now));
    }

    private Optional<Watch> lookedAtSuccess(Watch watch, TaskGroup group, Instant now) {
        var freshness = group.freshness();
        if (freshness == null || !freshness.toString().equals(watch.spec())) {
            return Optional.empty();
        }
        if (groups.pausedSince(group.key()).isPresent()) {
            return Optional.of(watch.postponed(now));
        }
        return Optional.of(watch.lookAtSuccess(activity.lastSuccess(group.key()).orElse(null), freshness, now));
    }

    private void tell(Watch before, Watch after) {
        var since = after.standingSince();
        if (since == null) {
            if (before.standingSince() != null) {
                signals.cure(after.condition(), List.of(AlertSignal.group(after.group())));
            }
        } else if (!since.equals(before.standingSince())) {
            signals.raise(List.of(new AlertSignal(
                    after.condition(),
                    AlertSignal.group(after.group()),
                    after.group(),
                    null,
                    null,
                    null,
                    after.condition() + " " + after.group(),
                    detail(after),
                    since)));
        }
    }

    private static String detail(Watch watch) {
        return watch.condition() == AlertCondition.FRESHNESS
                ? "No run of " + watch.group() + " has completed for longer than " + watch.spec() + "."
                : "No trigger of " + watch.group() + " has come by " + watch.spec() + ".";
    }

    /** One group's trouble keeps no other from being looked at. */
    private void safely(Id id, Runnable work) {
        try {
            transaction.executeWithoutResult(status -> work.run());
        } catch (RuntimeException e) {
            LOG.warn("{} of group {} could not be looked at; tried again", id.condition(), id.group(), e);
        }
    }
}
