package io.syncline.systemtests.history;

import static io.syncline.systemtests.history.Lies.changed;
import static io.syncline.systemtests.history.Lies.event;
import static io.syncline.systemtests.history.Lies.with;
import static io.syncline.systemtests.history.Lies.without;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** The same for data that is kept in step: two days of files, a view, and a subscriber of changes, beside what the platform does. */
class DataCheckerTest {

    private static final String TASK = "d-1";
    private static final long ROWS = 6;
    private static final long ROWS_PER_FILE = 4;

    /** The second day has a row less; its files arrive one after the other, and the row goes last. */
    private static List<Event> sound() {
        // The platform's own work goes on beside it, or whole rules would have had nothing to look at.
        var all = new ArrayList<>(
                changed("total", "state", "COMPLETED", "runs", 3L).apply(CheckerTest.sound()));
        event(
                all,
                0,
                "setting",
                "group",
                "files",
                "task",
                "files",
                "step",
                0L,
                "unrecorded",
                true,
                "intervalMs",
                3000L);
        imported(all, 0, 1, ROWS);
        imported(all, 10, 2, ROWS - 1);
        run(all, 1, "1", TASK);
        run(all, 11, "2", "d-2");
        tableLook(all, 1, "");
        tableLook(all, 3, "1-4:1");
        tableLook(all, 4, "1-6:1");
        tableLook(all, 12, "1-4:1 5-5:2 6-6:1");
        tableLook(all, 13, "1-5:2 6-6:1");
        tableLook(all, 14, "1-5:2");
        extract(all, 5, "e-1", "1", ROWS);
        merge(all, "v-1", 1, ROWS_PER_FILE);
        merge(all, "v-1", 2, 2);
        for (String service : List.of("provider", "consumer")) {
            event(all, 40, "content", "service", service, "rows", ROWS - 1, "first", "2", "last", "2", "sum", "s");
            event(all, 40, "shipment", "service", service, "about", "k", "state", "DELIVERED", "messages", 2L);
        }
        renamed(all, 1, 1);
        renamed(all, 20, 2);
        viewLook(all, 2, 1, 1, 2);
        viewLook(all, 3, 2, 1, 1);
        viewLook(all, 22, 1, 2, 21);
        viewLook(all, 23, 2, 2, 22);
        event(all, 40, "person", "user", "u", "same", true, "source", "(u)", "view", "(u)");
        changeOf(all, 1, "c-1");
        changeOf(all, 2, "c-2");
        pushed(all, 2, "c-1", 1, 503);
        pushed(all, 4, "c-1", 1, 204);
        pushed(all, 22, "c-2", 2, 204);
        pushed(all, 23, "c-1", 1, 204);
        return all;
    }

    @Test
    void whatIsSoundPasses() {
        var findings = Checker.check(sound());

        assertThat(findings.violations()).isEmpty();
        assertThat(findings.looks().keySet()).contains("I1", "I2", "I6", "I14", "I17", "I18", "I21", "I22", "I23");
    }

    @Test
    void anImportThatNobodyWasToldOfIsSeen() {
        violates("I1", without("message", "id", "i-2"));
    }

    @Test
    void anImportThatIsAnnouncedTwiceIsSeen() {
        violates(
                "I1",
                with(12, "message", "trigger", "announced-9", "id", "i-2", "source", "/provider", "status", "ACCEPTED"),
                with(12, "run", "run", "day-9", "trigger", "announced-9", "group", "files", "state", "COMPLETED"));
    }

    @Test
    void aDayThatWasImportedTwiceIsSeen() {
        violates("I1", with(12, "import", "outcome", "ok", "day", 2L, "rows", ROWS - 1, "id", "i-9"));
    }

    @Test
    void anAnnouncementOfNothingIsSeen() {
        violates(
                "I2",
                with(
                        12,
                        "message",
                        "trigger",
                        "announced-9",
                        "id",
                        "i-9",
                        "source",
                        "/provider",
                        "status",
                        "ACCEPTED"));
    }

    @Test
    void aDayThatDidNotArriveIsSeen() {
        violates("I22", changed("run", "run", "day-2", "state", "FAILED"));
    }

    @Test
    void anOutboxThatKeepsSomethingIsSeen() {
        violates("I17", changed("shipment", "service", "consumer", "state", "PENDING"));
    }

    @Test
    void aJobThatIsDoneTwiceIsSeen() {
        violates("I6", with(12, "effect", "key", TASK + ".1b", "taskRun", TASK, "attempt", 1L));
    }

    @Test
    void anEndWithoutAJobIsSeen() {
        violates("I6", without("effect", "taskRun", TASK));
    }

    @Test
    void anEndWithoutACallIsSeen() {
        violates("I5", without("callRow", "taskRun", TASK));
    }

    @Test
    void aCallbackThatTheConsumerNeverMeantIsSeen() {
        violates("I14", without("report", "taskRun", TASK));
    }

    @Test
    void anExtractOfTwoDaysIsSeen() {
        violates("I21", changed("extract", "extract", "e-1", "days", "1 2"));
    }

    @Test
    void anExtractThatLacksARowIsSeen() {
        violates("I21", changed("extract", "extract", "e-1", "rowsRead", ROWS - 1));
    }

    @Test
    void anExtractWithARowTwiceIsSeen() {
        violates("I21", changed("extract", "extract", "e-1", "distinct", ROWS - 1));
    }

    @Test
    void anExtractWhoseManifestLacksARowAsItsFilesDoIsSeen() {
        violates(
                "I21",
                changed("extract", "extract", "e-1", "rows", ROWS - 1),
                changed("extract", "extract", "e-1", "rowsRead", ROWS - 1),
                changed("extract", "extract", "e-1", "distinct", ROWS - 1));
    }

    @Test
    void aFileThatIsNotWhatItsManifestSaysIsSeen() {
        violates("I21", changed("extract", "extract", "e-1", "asInManifest", false));
    }

    @Test
    void halfAFileIsSeen() {
        violates("I22", changed("tableLook", "spans", "1-4:1", "spans", "1-3:1"));
    }

    @Test
    void aFileOfTwoDaysIsSeen() {
        violates("I22", changed("tableLook", "spans", "1-5:2 6-6:1", "spans", "1-3:2 4-4:1 5-5:2"));
    }

    @Test
    void anEarlierDayThatComesAgainIsSeen() {
        violates("I22", changed("tableLook", "spans", "1-5:2", "spans", "1-6:1"));
    }

    @Test
    void aRowOfALaterDayThanItsFileIsSeen() {
        violates("I22", changed("tableLook", "spans", "1-5:2 6-6:1", "spans", "1-5:2 6-6:2"));
    }

    @Test
    void aFileThatIsWrittenTwiceIsSeen() {
        violates("I22", changed("merge", "file", "2", "written", 4L));
    }

    @Test
    void aTargetThatIsNotTheSourceIsSeen() {
        violates("I22", changed("content", "service", "consumer", "sum", "other"));
    }

    @Test
    void aDayThatIsNotThereWhenItsRunHasEndedIsSeen() {
        violates("I22", with(19, "tableLook", "asked", at(19), "spans", "1-6:1"));
    }

    @Test
    void aTableThatIsEmptiedIsSeen() {
        violates("I22", with(30, "tableLook", "asked", at(30), "spans", ""));
    }

    @Test
    void anEndThatIsNotTheLastDayIsSeen() {
        violates(
                "I22",
                changed("content", "service", "provider", "first", "1"),
                changed("content", "service", "consumer", "first", "1"));
    }

    @Test
    void anExtractOfADayBeforeTheLastIsSeen() {
        violates("I21", changed("extract", "extract", "e-1", "asked", at(15)));
    }

    @Test
    void anImportThatIsNeverAnsweredIsSeen() {
        violates("I4", with(30, "import", "outcome", "invoke", "day", 3L, "rows", ROWS));
    }

    @Test
    void aNameThatIsNeverAnsweredIsSeen() {
        violates("I4", with(30, "renamed", "outcome", "invoke", "user", "u", "version", 3L));
    }

    @Test
    void aJobThatFailedIsNoEffect() {
        violates("I6", changed("effect", "taskRun", TASK, "state", "FAILED"));
    }

    @Test
    void anEndThatNoJobCameToIsSeen() {
        violates("I14", changed("effect", "taskRun", TASK, "state", "FAILED"), without("report", "taskRun", TASK));
    }

    @Test
    void manyDaysAreNoMistake() {
        var days = new ArrayList<Event>();
        for (var one : sound()) {
            var spans = one.text("spans").replace(":1", ":201").replace(":2", ":202");
            var event = one.has("spans") ? changedTo(one, "spans", spans.replace(":20201", ":201")) : one;
            event = event.has("day") ? changedTo(event, "day", "20" + event.text("day")) : event;
            event = event.has("days") ? changedTo(event, "days", "20" + event.text("days")) : event;
            event = event.has("first") ? changedTo(event, "first", "202") : event;
            days.add(event.has("last") ? changedTo(event, "last", "202") : event);
        }

        assertThat(Checker.check(days).violations()).isEmpty();
    }

    private static Event changedTo(Event event, String name, String content) {
        var fields = new HashMap<>(event.fields());
        fields.put(name, name.equals("day") ? (Object) Long.parseLong(content) : content);
        return new Event(event.process(), event.at(), event.kind(), fields);
    }

    @Test
    void anOwnerWhoIsToldThatTheProviderFailedIsSeen() {
        violates("F9", with(12, "import", "outcome", "unknown", "day", 2L, "rows", ROWS - 1, "status", 500L));
        violates("F9", with(12, "renamed", "outcome", "unknown", "user", "u", "version", 9L, "status", 500L));
    }

    @Test
    void readersWhoSawNothingAreSeen() {
        for (String kind : List.of("tableLook", "extract", "viewLook", "merge", "pushed", "person", "content")) {
            violates(
                    "vacuous",
                    events -> events.stream()
                            .filter(event -> !event.kind().equals(kind))
                            .toList());
        }
    }

    @Test
    void aViewThatGoesBackIsSeen() {
        violates("I23", changed("viewLook", "asOf", Long.toString(at(22)), "version", 1L));
    }

    @Test
    void aViewThatShowsLessThanItSaysIsSeen() {
        violates("I23", changed("viewLook", "asOf", Long.toString(at(2)), "asOf", at(21)));
    }

    @Test
    void aMomentOfTheViewThatGoesBackIsSeen() {
        violates("I23", changed("viewLook", "asOf", Long.toString(at(21)), "asOf", at(1)));
    }

    @Test
    void aChangeThatIsSeenLateIsSeen() {
        violates("I23", with(5, "renamed", "outcome", "ok", "user", "u", "version", 2L));
    }

    @Test
    void aChangeThatIsSeenLateBehindAFaultIsNotHeldAgainstTheView() {
        var hindered = with(5, "renamed", "outcome", "ok", "user", "u", "version", 2L)
                .andThen(with(4, "fault", "phase", "begin", "number", "1", "fault", "provider-kill", "stops", "data"))
                .andThen(with(9, "fault", "phase", "end", "number", "1", "fault", "provider-kill", "hit", true));

        assertThat(Checker.check(hindered.apply(sound())).violations()).isEmpty();
    }

    @Test
    void aViewThatIsNotWhatTheSourceSaysIsSeen() {
        violates("I23", changed("person", "user", "u", "same", false));
    }

    @Test
    void aNumberThatIsMissingInTheFeedIsSeen() {
        violates("I17", changed("change", "event", "c-2", "seq", 3L));
    }

    @Test
    void aChangeThatNeverArrivedIsSeen() {
        violates("I18", without("pushed", "event", "c-2"));
    }

    @Test
    void aChangeThatNobodyMadeIsSeen() {
        violates("I17", with(30, "pushed", "event", "c-9", "key", "u", "seq", 9L, "status", 204L));
    }

    @Test
    void aChangeThatOvertakesAnotherOfItsRowIsSeen() {
        violates("I18", changed("pushed", "event", "c-2", "at", at(1)));
    }

    @Test
    void aChangeThatComesWhileTheOneBeforeIsRefusedIsSeen() {
        violates("I18", changed("pushed", "event", "c-2", "at", at(3)));
    }

    @Test
    void aChangeThatIsPushedAsAnotherOneIsSeen() {
        violates("I17", changed("pushed", "event", "c-2", "key", "v"));
    }

    @Test
    void aLogThatLacksItsBeginningIsSeen() {
        violates("I17", without("change", "event", "c-1"));
    }

    @Test
    void aChangeThatWasNeverRecordedIsSeen() {
        violates("I17", with(30, "renamed", "outcome", "ok", "user", "u", "version", 3L));
    }

    @Test
    void aNameThatMayHaveBeenTakenAgainSaysNothingOfTheOrder() {
        var again = with(2, "renamed", "outcome", "unknown", "user", "u", "version", 1L)
                .andThen(with(30, "viewLook", "user", "u", "consumer", 1L, "version", 1L, "asOf", at(29)));

        assertThat(Checker.check(again.apply(sound())).violations()).isEmpty();
    }

    @SafeVarargs
    private static void violates(String invariant, UnaryOperator<List<Event>>... lies) {
        Lies.violates(sound(), invariant, lies);
    }

    private static long at(int second) {
        return Lies.T + second * Event.SECOND;
    }

    private static void imported(List<Event> all, int second, long day, long rows) {
        for (String outcome : List.of("invoke", "unknown", "ok")) {
            event(
                    all,
                    second,
                    "import",
                    "outcome",
                    outcome,
                    "day",
                    day,
                    "rows",
                    rows,
                    "rowsPerFile",
                    ROWS_PER_FILE,
                    "id",
                    outcome.equals("ok") ? "i-" + day : null);
        }
    }

    private static void run(List<Event> all, int second, String day, String task) {
        var run = "day-" + day;
        event(
                all,
                second,
                "message",
                "trigger",
                "announced-" + day,
                "id",
                "i-" + day,
                "source",
                "/provider",
                "status",
                "ACCEPTED");
        event(
                all,
                second,
                "run",
                "run",
                run,
                "trigger",
                "announced-" + day,
                "group",
                "files",
                "orderingKey",
                "day-" + day,
                "state",
                "COMPLETED",
                "startedAt",
                at(second),
                "endedAt",
                at(second + 5),
                "place",
                Long.parseLong(day));
        move(all, second, run, null, "", "QUEUED", 0);
        move(all, second, run, null, "QUEUED", "RUNNING", 0);
        move(all, second + 5, run, null, "RUNNING", "COMPLETED", 0);
        event(
                all,
                second,
                "taskRun",
                "taskRun",
                task,
                "run",
                run,
                "task",
                "files",
                "state",
                "COMPLETED",
                "attempt",
                1L,
                "round",
                1L,
                "fence",
                1L);
        move(all, second, run, task, "WAITING", "DUE", 0);
        move(all, second, run, task, "DUE", "CALLING", 1);
        move(all, second + 1, run, task, "CALLING", "RUNNING", 1);
        move(all, second + 5, run, task, "RUNNING", "COMPLETED", 1);
        event(
                all,
                second,
                "callRow",
                "taskRun",
                task,
                "attempt",
                1L,
                "round",
                1L,
                "fence",
                1L,
                "durationMs",
                20L,
                "outcome",
                "ACCEPTED",
                "status",
                202L,
                "applied",
                true,
                "node",
                "node-1");
        event(all, second, "effect", "key", task + ".1", "taskRun", task, "attempt", 1L, "state", "COMPLETED");
        event(
                all,
                second + 5,
                "report",
                "callback",
                "done-" + day,
                "taskRun",
                task,
                "attempt",
                1L,
                "report",
                "COMPLETED");
        event(
                all,
                second + 5,
                "callbackRow",
                "callback",
                "done-" + day,
                "taskRun",
                task,
                "attempt",
                1L,
                "report",
                "COMPLETED",
                "applied",
                true);
    }

    private static void move(
            List<Event> all, int second, String run, String taskRun, String from, String to, long fence) {
        event(
                all,
                second,
                "move",
                "run",
                run,
                "taskRun",
                taskRun,
                "from",
                from.isEmpty() ? null : from,
                "to",
                to,
                "attempt",
                1L,
                "fence",
                fence,
                "cause",
                to.equals("COMPLETED") ? "REPORTED" : to);
    }

    private static void tableLook(List<Event> all, int second, String spans) {
        event(all, second, "tableLook", "asked", at(second), "spans", spans);
    }

    private static void extract(List<Event> all, int second, String extract, String days, long rows) {
        event(
                all,
                second,
                "extract",
                "extract",
                extract,
                "rows",
                rows,
                "rowsRead",
                rows,
                "distinct",
                rows,
                "days",
                days,
                "asInManifest",
                true);
    }

    private static void merge(List<Event> all, String version, long file, long rows) {
        event(all, 40, "merge", "version", version, "file", file, "written", rows, "rows", rows, "rowsAgreed", rows);
    }

    private static void renamed(List<Event> all, int second, long version) {
        event(all, second, "renamed", "outcome", "invoke", "user", "u", "version", version);
        event(all, second, "renamed", "outcome", "ok", "user", "u", "version", version);
    }

    private static void viewLook(List<Event> all, int second, long consumer, long version, int asOf) {
        event(all, second, "viewLook", "user", "u", "consumer", consumer, "version", version, "asOf", at(asOf));
    }

    private static void changeOf(List<Event> all, long seq, String event) {
        event(all, 1, "change", "dataset", "users", "seq", seq, "event", event, "key", "u");
    }

    private static void pushed(List<Event> all, int second, String event, long seq, long status) {
        event(all, second, "pushed", "event", event, "key", "u", "seq", seq, "status", status);
    }
}
