package io.syncline.systemtests.crash;

import java.util.List;
import java.util.stream.Stream;

/**
 * A method of a service beside whose side effect its process may end. Before and after it are two places: after a method that
 * works in its caller's transaction is before the commit of that.
 *
 * @param name as in reports, such as {@code claim}
 * @param type the class
 * @param method all of this name
 */
public record CrashPoint(String name, String type, String method) {

    private static final String SCHEDULER = "io.syncline.scheduler.";

    /** What is sent by an outbox: of the platform its alerts, of the provider its trigger messages and pushes, of the consumer its reports. */
    public static final List<CrashPoint> OUTBOX = List.of(
            new CrashPoint("message-appended", "io.syncline.outbox.JdbcOutbox", "append"),
            new CrashPoint("message-sent", "io.syncline.outbox.OutboxRelay", "deliver"),
            new CrashPoint("message-delivered", "io.syncline.outbox.JdbcOutbox", "delivered"));

    /** Of the platform, in the order in which a message meets them. */
    public static final List<CrashPoint> PLATFORM = and(
            OUTBOX,
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

    /** From a change to its subscribers, and from the order of an extract to its files. */
    public static final List<CrashPoint> PROVIDER = List.of(
            provider("change-recorded", "change.JdbcWaitingChanges", "insert"),
            provider("changes-numbered", "change.JdbcWaitingChanges", "number"),
            provider("feed-advanced", "change.JdbcChangeFeeds", "advance"),
            provider("push-stored", "push.JdbcDeliveries", "insert"),
            provider("cursor-advanced", "push.JdbcSubscriptions", "advance"),
            provider("event-announced", "event.BusinessEvents", "announce"),
            provider("extract-asked", "extract.Extracts", "ask"),
            provider("extract-claimed", "extract.JdbcExtracts", "claim"),
            provider("extract-cut", "extract.SnapshotCutter", "cut"),
            provider("extract-named", "extract.ExtractFolders", "publish"),
            provider("extract-ready", "extract.JdbcExtracts", "ready"));

    /** From a call of the platform to the report of its end, and from a change to the view. */
    public static final List<CrashPoint> CONSUMER = List.of(
            consumer("work-accepted", "sync.SyncEngine", "accept"),
            consumer("extract-ordered", "provider.ProviderClient", "order"),
            consumer("files-planned", "sync.JdbcSyncFiles", "insert"),
            consumer("file-claimed", "sync.JdbcSyncFiles", "take"),
            consumer("file-downloaded", "provider.Spool", "fetch"),
            consumer("rows-staged", "sync.PostgresTarget", "stage"),
            consumer("file-staged", "sync.JdbcSyncFiles", "staged"),
            consumer("merge-opened", "sync.JdbcSyncFiles", "openMerge"),
            consumer("rows-merged", "sync.PostgresTarget", "merge"),
            consumer("file-merged", "sync.JdbcSyncFiles", "merged"),
            consumer("absent-deleted", "sync.JdbcTarget", "deleteAbsent"),
            consumer("rows-compared", "sync.Reconciler", "compare"),
            consumer("end-reported", "sync.JobReports", "completed"),
            consumer("change-counted", "users.UserView", "count"));

    /** Of all services. */
    static List<CrashPoint> everywhere() {
        return Stream.of(PLATFORM, PROVIDER, CONSUMER).flatMap(List::stream).toList();
    }

    private static List<CrashPoint> and(List<CrashPoint> last, CrashPoint... first) {
        return Stream.concat(Stream.of(first), last.stream()).toList();
    }

    private static CrashPoint of(String name, String type, String method) {
        return new CrashPoint(name, SCHEDULER + type, method);
    }

    private static CrashPoint provider(String name, String type, String method) {
        return new CrashPoint(name, "io.syncline.provider." + type, method);
    }

    private static CrashPoint consumer(String name, String type, String method) {
        return new CrashPoint(name, "io.syncline.consumer." + type, method);
    }
}
