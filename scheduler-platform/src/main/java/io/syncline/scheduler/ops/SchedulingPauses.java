package io.syncline.scheduler.ops;

import io.syncline.scheduler.catalog.TaskGroups;
import io.syncline.scheduler.security.Caller;
import io.syncline.scheduler.security.ProblemException;
import io.syncline.scheduler.store.DatabaseClock;
import io.syncline.scheduler.store.JdbcTimes;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The one pause of all schedules: the clock reads it at every turn of a schedule. */
@Component
class SchedulingPauses {

    private static final String FIND = """
            select paused_at, paused_by, reason from scheduling_pause
            where pause_key = 'all' and paused_at is not null
            """;

    private static final String PAUSE = """
            update scheduling_pause set paused_at = :now, paused_by = :by, reason = :reason
            where pause_key = 'all' and paused_at is null
            """;

    private static final String RESUME = """
            update scheduling_pause set paused_at = null, paused_by = null, reason = null
            where pause_key = 'all' and paused_at is not null
            """;

    private final JdbcClient jdbc;
    private final TaskGroups groups;
    private final Audit audit;
    private final DatabaseClock clock;
    private final ApplicationEventPublisher events;
    private final TransactionTemplate transaction;

    SchedulingPauses(
            JdbcClient jdbc,
            TaskGroups groups,
            Audit audit,
            DatabaseClock clock,
            ApplicationEventPublisher events,
            PlatformTransactionManager transactions) {
        this.jdbc = jdbc;
        this.groups = groups;
        this.audit = audit;
        this.clock = clock;
        this.events = events;
        this.transaction = new TransactionTemplate(transactions);
    }

    /**
     * What a pause or resume has done, or would do.
     *
     * @param paused the pause that stands now, or would
     * @param ended the pause that has ended, or would
     * @param schedules how many groups have one
     */
    record Answer(
            boolean dryRun,
            @Nullable PauseView paused,
            @Nullable PauseView ended,
            long schedules) {}

    Optional<PauseView> find() {
        return jdbc.sql(FIND)
                .query((row, number) -> new PauseView(
                        JdbcTimes.instant(row, "paused_at"), row.getString("paused_by"), row.getString("reason")))
                .optional();
    }

    /** @throws ProblemException 409 when they are paused */
    Answer pause(String reason, boolean dryRun, Caller caller) {
        return Objects.requireNonNull(transaction.execute(status -> {
            var now = clock.now();
            var done = jdbc.sql(PAUSE)
                            .param("now", JdbcTimes.toJdbc(now))
                            .param("by", caller.subject())
                            .param("reason", reason)
                            .update()
                    == 1;
            if (!done) {
                throw illegal("All schedules are paused.", "PAUSED", "resume");
            }
            if (dryRun) {
                status.setRollbackOnly();
            } else {
                audit.record(caller.subject(), "pause", "scheduling", "all", reason, null);
            }
            return new Answer(dryRun, new PauseView(now, caller.subject(), reason), null, schedules());
        }));
    }

    /** @throws ProblemException 409 when they are not paused */
    Answer resume(String reason, boolean dryRun, Caller caller) {
        return Objects.requireNonNull(transaction.execute(status -> {
            var stood = find();
            if (stood.isEmpty() || jdbc.sql(RESUME).update() != 1) {
                throw illegal("Schedules are not paused.", "RUNNING", "pause");
            }
            if (dryRun) {
                status.setRollbackOnly();
            } else {
                audit.record(caller.subject(), "resume", "scheduling", "all", reason, null);
                events.publishEvent(new SchedulingResumed(caller.subject()));
            }
            return new Answer(dryRun, null, stood.get(), schedules());
        }));
    }

    private long schedules() {
        return groups.all().stream().filter(group -> group.schedule() != null).count();
    }

    private static ProblemException illegal(String why, String state, String allowed) {
        return ProblemException.of(409, "illegal-action", "The action is not legal now")
                .detail(why)
                .member("currentState", state)
                .member("allowedActions", List.of(allowed));
    }
}
