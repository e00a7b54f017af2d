package io.syncline.scheduler.quartz;

import io.syncline.scheduler.catalog.ConfigChanged;
import io.syncline.scheduler.ops.SchedulingResumed;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.quartz.DateBuilder;
import org.quartz.ObjectAlreadyExistsException;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.SimpleScheduleBuilder;
import org.quartz.Trigger;
import org.quartz.TriggerBuilder;
import org.quartz.TriggerKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionPhase;
import org.springframework.transaction.event.TransactionalEventListener;

/**
 * One alarm of the clock for each current group with a schedule, set for its next fire time. The pause of a group changes
 * nothing here: what fires during it is held. While all schedules are paused none is dealt with; once that is over, what came
 * meanwhile was missed, and each schedule's policy says what becomes of it.
 */
@Component
class Schedules {

    static final String TRIGGER_GROUP = "schedules";

    private static final Logger LOG = LoggerFactory.getLogger(Schedules.class);
    private static final TriggerKey CATCHING_UP = new TriggerKey("catching-up", "ticks");
    private static final Set<String> KINDS = Set.of("TaskGroup", "Calendar");
    private static final Duration OVERDUE = Duration.ofSeconds(30);
    private static final int CATCH_UP_MILLIS = 500;
    private static final int SHORTEST_MILLIS = 50;

    private final ScheduleTurns turns;
    private final Scheduler scheduler;
    private final ClockRows rows;
    private final ClockTransactions transactions;

    Schedules(ScheduleTurns turns, Scheduler scheduler, ClockRows rows, ClockTransactions transactions) {
        this.transactions = transactions;
        this.turns = turns;
        this.scheduler = scheduler;
        this.rows = rows;
    }

    @TransactionalEventListener(phase = TransactionPhase.AFTER_COMMIT, fallbackExecution = true)
    void on(ConfigChanged change) {
        if (!KINDS.contains(change.kind())) {
            return;
        }
        try {
            transactions.run(() -> scheduler.triggerJob(AlignSchedulesJob.KEY));
        } catch (SchedulerException e) {
            LOG.warn("The schedule of {} is aligned at the next tick: {}", change.key(), e.getMessage());
        }
    }

    @TransactionalEventListener(phase = TransactionPhase.AFTER_COMMIT, fallbackExecution = true)
    void on(SchedulingResumed resumed) {
        try {
            transactions.run(() -> scheduler.triggerJob(AlignSchedulesJob.KEY));
        } catch (SchedulerException e) {
            LOG.warn("Schedules go on at the next tick: {}", e.getMessage());
        }
    }

    /** Starts what is due of one schedule and sets its alarm anew. */
    void turn(String group) throws SchedulerException {
        var turn = turns.turn(group);
        var next = turn.nextAt();
        if (next != null) {
            var alarm = Date.from(next);
            // By this node's clock it may be that late already: not at once again, or it would go round until it is.
            var soonest = DateBuilder.futureDate(SHORTEST_MILLIS, DateBuilder.IntervalUnit.MILLISECOND);
            set(group, alarm.before(soonest) ? soonest : alarm);
        }
        if (turn.paced()) {
            catchUp();
        }
    }

    /** Adds, replaces and removes alarms; those that are right stay untouched. */
    void align() throws SchedulerException {
        var alarms = new HashMap<>(rows.schedules());
        var next = turns.align(missedBefore(alarms));
        var now = turns.now();
        var longPast = now.minus(OVERDUE);
        var paused = turns.arePaused();
        for (var entry : next.entrySet()) {
            if (paused && !entry.getValue().isAfter(now)) {
                alarms.remove(entry.getKey());
                continue;
            }
            if (entry.getValue().isBefore(longPast)) {
                // Its alarm is stuck; the schedule does not wait until it is repaired.
                turn(entry.getKey());
                alarms.remove(entry.getKey());
                continue;
            }
            var alarm = alarms.remove(entry.getKey());
            if (alarm == null || !alarm.isAlarm() || !entry.getValue().equals(alarm.nextAt())) {
                set(entry.getKey(), Date.from(entry.getValue()));
            }
        }
        for (var gone : alarms.keySet()) {
            transactions.run(() -> scheduler.unscheduleJob(new TriggerKey(gone, TRIGGER_GROUP)));
        }
        if (!paused && turns.anyMissed()) {
            catchUp();
        }
    }

    private static Map<String, Instant> missedBefore(Map<String, ScheduleRow> alarms) {
        var missed = new HashMap<String, Instant>();
        alarms.forEach((group, alarm) -> {
            var next = alarm.nextAt();
            if (next != null && !alarm.isAlarm()) {
                missed.put(group, next);
            }
        });
        return missed;
    }

    private void set(String group, Date at) throws SchedulerException {
        var trigger = TriggerBuilder.newTrigger()
                .forJob(ScheduleJob.KEY)
                .withIdentity(group, TRIGGER_GROUP)
                .startAt(at)
                // A late alarm goes off as soon as it can; what it then means is decided at the schedule's turn.
                .withSchedule(SimpleScheduleBuilder.simpleSchedule().withMisfireHandlingInstructionIgnoreMisfires())
                .build();
        transactions.run(() -> {
            if (scheduler.rescheduleJob(trigger.getKey(), trigger) == null) {
                add(trigger);
            }
        });
    }

    private void catchUp() throws SchedulerException {
        transactions.run(() -> {
            if (!scheduler.checkExists(CATCHING_UP)) {
                add(TriggerBuilder.newTrigger()
                        .forJob(CatchUpJob.KEY)
                        .withIdentity(CATCHING_UP)
                        .withSchedule(SimpleScheduleBuilder.simpleSchedule()
                                .withIntervalInMilliseconds(CATCH_UP_MILLIS)
                                .repeatForever()
                                .withMisfireHandlingInstructionNextWithRemainingCount())
                        .build());
            }
        });
    }

    /** Starts one batch of what was missed; the clock is told to stop when nothing is left. */
    void catchUpBatch() throws SchedulerException {
        if (!turns.catchUp()) {
            transactions.run(() -> scheduler.unscheduleJob(CATCHING_UP));
        }
    }

    private void add(Trigger trigger) throws SchedulerException {
        try {
            scheduler.scheduleJob(trigger);
        } catch (ObjectAlreadyExistsException e) {
            LOG.debug("Another node has set {} meanwhile", trigger.getKey());
        }
    }
}
