package io.syncline.systemtests.crash;

import java.util.List;

/**
 * A method of the platform beside whose side effect a node may end. Before and after it are two places: after a method that
 * works in its caller's transaction is before the commit of that.
 *
 * @param name as in reports, such as {@code claim}
 * @param type the class
 * @param method all of this name
 */
public record CrashPoint(String name, String type, String method) {

    private static final String PLATFORM = "io.syncline.scheduler.";

    /** In the order in which a message meets them. */
    public static final List<CrashPoint> ALL = List.of(
            of("message-received", "trigger.TriggerController", "receive"),
            of("message-judged", "trigger.Intake", "accept"),
            of("message-stored", "trigger.JdbcTriggerMessages", "insert"),
            of("runs-started", "run.Runs", "start"),
            of("journal-written", "run.Journal", "append"),
            of("dispatch-woken", "dispatch.Dispatcher", "on"),
            of("work-claimed", "run.Runs", "claim"),
            of("call-sent", "outbound.HttpDownstreams", "call"),
            of("answer-judged", "dispatch.Rounds", "answered"),
            of("outcome-written", "dispatch.OutcomeWriter", "writeOnce"),
            of("outcome-recorded", "run.Runs", "record"),
            of("calls-kept", "dispatch.JdbcCalls", "append"),
            of("leases-renewed", "run.Runs", "renewLeases"),
            of("callback-received", "callback.CallbackIntake", "accept"),
            of("callback-written", "callback.CallbackWriter", "write"),
            of("callback-judged", "run.Runs", "report"),
            of("callback-kept", "callback.JdbcCallbacks", "keep"),
            of("callback-answered", "callback.CallbackController", "callback"),
            of("schedule-turned", "quartz.ScheduleTurns", "turn"),
            of("schedule-started", "quartz.IntakeStarts", "start"),
            of("schedule-clock-set", "quartz.JdbcScheduleClocks", "update"));

    private static CrashPoint of(String name, String type, String method) {
        return new CrashPoint(name, PLATFORM + type, method);
    }
}
