package io.syncline.systemtests.history;

import static io.syncline.systemtests.history.Lies.T;
import static io.syncline.systemtests.history.Lies.changed;
import static io.syncline.systemtests.history.Lies.event;
import static io.syncline.systemtests.history.Lies.with;
import static io.syncline.systemtests.history.Lies.without;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** A history in which all is well, and one lie for each invariant that the checker has to see. */
class CheckerTest {

    private static final String TASK = "t-1";

    /** One message, one run of two steps; the first call of the first task is lost with its node, and taken over. */
    static List<Event> sound() {
        var all = new ArrayList<Event>();
        setting(all, "first", 0);
        setting(all, "second", 1);
        event(all, 0, "trigger", "outcome", "invoke", "id", "m-1", "source", "/s", "content", "first");
        event(
                all, 1, "trigger", "outcome", "ok", "id", "m-1", "source", "/s", "content", "first", "status", 202L,
                "runs", "r-1");
        event(
                all,
                1,
                "message",
                "trigger",
                "g-1",
                "id",
                "m-1",
                "source",
                "/s",
                "status",
                "ACCEPTED",
                "content",
                "first");
        event(
                all,
                1,
                "run",
                "run",
                "r-1",
                "trigger",
                "g-1",
                "group",
                "steps",
                "orderingKey",
                "m-1",
                "state",
                "COMPLETED",
                "content",
                "first",
                "startedAt",
                T + Event.SECOND,
                "endedAt",
                T + 22 * Event.SECOND,
                "place",
                1L);
        event(all, 22, "total", "state", "COMPLETED", "runs", 1L);
        event(all, 30, "audit", "complete", true);
        look(all, 1, "run", "r-1", "QUEUED", 0);
        look(all, 3, "run", "r-1", "RUNNING", 0);
        look(all, 23, "run", "r-1", "COMPLETED", 0);
        look(all, 1, "taskRun", TASK, "WAITING", 0);
        look(all, 3, "taskRun", TASK, "CALLING", 1);
        look(all, 4, "taskRun", TASK, "CALLING", 1);
        look(all, 23, "taskRun", TASK, "COMPLETED", 2);
        parcel(all, 5, "a-1", 1);
        parcel(all, 6, "a-2", 2);
        told(all, 5, "a-1", 503);
        told(all, 6, "a-1", 503);
        told(all, 8, "a-1", 204);
        told(all, 9, "a-2", 204);
        told(all, 10, "a-2", 204);
        event(all, 0, "inside", "phase", "plateau", "threads", 50L, "heapKb", 60_000L);
        event(all, 31, "inside", "phase", "rest", "threads", 70L, "heapKb", 80_000L);
        event(all, 41, "inside", "phase", "rest", "threads", 55L, "heapKb", 66_000L);
        move(all, 1, null, "", "QUEUED", 0, "TRIGGERED");
        move(all, 1, null, "QUEUED", "RUNNING", 0, "PROMOTED");
        move(all, 22, null, "RUNNING", "COMPLETED", 0, "TASKS_ENDED");

        event(
                all,
                1,
                "taskRun",
                "taskRun",
                TASK,
                "run",
                "r-1",
                "task",
                "first",
                "state",
                "COMPLETED",
                "attempt",
                1L,
                "round",
                2L,
                "fence",
                2L);
        move(all, 1, TASK, "WAITING", "DUE", 0, "BARRIER_OPEN");
        move(all, 2, TASK, "DUE", "CALLING", 1, "CLAIMED");
        call(all, 2, TASK, 1);
        event(all, 2, "effect", "key", TASK + ".1", "taskRun", TASK, "attempt", 1L);
        event(
                all,
                3,
                "fault",
                "phase",
                "begin",
                "number",
                "1",
                "fault",
                "node-kill",
                "target",
                "node-1",
                "stops",
                "node");
        event(all, 9, "fault", "phase", "end", "number", "1", "fault", "node-kill", "target", "node-1", "hit", true);
        call(all, 15, TASK, 2);
        row(all, 15, TASK, 2, "ACCEPTED", 202L);
        event(all, 15, "answer", "taskRun", TASK, "attempt", 1L, "round", 2L, "status", 202L);
        move(all, 16, TASK, "CALLING", "RUNNING", 2, "ACCEPTED");
        callback(all, 17, "invoke", "cb-1", "COMPLETED", false, false, "");
        callback(all, 18, "ok", "cb-1", "COMPLETED", false, true, "");
        callback(all, 19, "ok", "cb-1", "COMPLETED", false, false, "DUPLICATE");
        event(
                all,
                17,
                "callbackRow",
                "taskRun",
                TASK,
                "callback",
                "cb-1",
                "attempt",
                1L,
                "report",
                "COMPLETED",
                "applied",
                true);
        move(all, 17, TASK, "RUNNING", "COMPLETED", 2, "REPORTED");

        event(
                all,
                1,
                "taskRun",
                "taskRun",
                "t-2",
                "run",
                "r-1",
                "task",
                "second",
                "state",
                "COMPLETED",
                "attempt",
                1L,
                "round",
                2L,
                "fence",
                2L);
        move(all, 17, "t-2", "WAITING", "DUE", 0, "BARRIER_OPEN");
        move(all, 18, "t-2", "DUE", "CALLING", 1, "CLAIMED");
        call(all, 18, "t-2", 1);
        row(all, 18, "t-2", 1, "ACCEPTED", 202L);
        event(all, 18, "effect", "key", "t-2.1", "taskRun", "t-2", "attempt", 1L);
        event(all, 18, "answer", "taskRun", "t-2", "attempt", 1L, "round", 1L, "status", 202L);
        move(all, 18, "t-2", "CALLING", "RUNNING", 1, "ACCEPTED");
        call(all, 22, "t-2", 2);
        row(all, 22, "t-2", 2, "REPORT", 200L);
        event(all, 22, "answer", "taskRun", "t-2", "attempt", 1L, "round", 2L, "status", 200L, "report", "COMPLETED");
        move(all, 22, "t-2", "RUNNING", "COMPLETED", 2, "REPORTED");
        return all;
    }

    @Test
    void whatIsSoundPasses() {
        var findings = Checker.check(sound());

        assertThat(findings.violations()).isEmpty();
        assertThat(findings.takeovers()).containsExactly(12 * Event.SECOND);
        assertThat(findings.looks().keySet())
                .contains(
                        "I1", "I2", "I3", "I4", "I5", "I6", "I7", "I8", "I9", "I10", "I12", "I13", "I14", "I15", "I20",
                        "I16", "I17", "I18", "I24", "I26", "I27", "vacuous");
    }

    @Test
    void anAcknowledgedMessageWithoutARunIsLost() {
        violates("I1", without("run", "run", "r-1"));
    }

    @Test
    void aMessageThatRanTwiceIsSeen() {
        violates(
                "I1",
                with(
                        2,
                        "run",
                        "run",
                        "r-2",
                        "trigger",
                        "g-1",
                        "group",
                        "steps",
                        "state",
                        "COMPLETED",
                        "content",
                        "first"));
    }

    @Test
    void aRunOfAMessageThatWasRefusedIsSeen() {
        violates("I1", changed("trigger", "outcome", "ok", "outcome", "fail"));
    }

    @Test
    void aSoundMessageThatWasRefusedIsSeen() {
        violates("I1", with(3, "trigger", "outcome", "fail", "id", "m-9", "content", "first", "status", 400L));
        violates("I1", with(3, "trigger", "outcome", "fail", "id", "m-9", "content", "first", "status", 422L));
    }

    @Test
    void aMessageForWhichThereWasNoRoomOrThatCameAfterAnotherContentIsNotHeldAgainstThePlatform() {
        var full = with(3, "trigger", "outcome", "fail", "id", "m-9", "content", "first", "status", 429L);
        var second = with(3, "trigger", "outcome", "fail", "id", "m-1", "content", "other", "status", 422L);

        assertThat(Checker.check(full.andThen(second).apply(sound())).violations())
                .isEmpty();
    }

    @Test
    void anAnswerThatNamesItsRunTwiceIsNoHarm() {
        var twice = changed("trigger", "outcome", "ok", "runs", "r-1 r-1");

        assertThat(Checker.check(twice.apply(sound())).violations()).isEmpty();
    }

    @Test
    void aMessageThatNobodySentIsAPhantom() {
        violates(
                "I2",
                with(
                        2,
                        "message",
                        "trigger",
                        "g-2",
                        "id",
                        "m-2",
                        "source",
                        "/s",
                        "status",
                        "ACCEPTED",
                        "content",
                        "first"));
    }

    @Test
    void aSecondContentThatWasAcknowledgedIsSeen() {
        violates(
                "I3",
                with(3, "trigger", "outcome", "ok", "id", "m-1", "source", "/s", "content", "other", "runs", "r-1"));
    }

    @Test
    void aRefusedCopyOfTheFirstIsSeen() {
        violates(
                "I3",
                with(3, "trigger", "outcome", "fail", "id", "m-1", "source", "/s", "content", "first", "status", 422L));
    }

    @Test
    void whatNeverEndedIsSeen() {
        violates("I4", changed("taskRun", "taskRun", TASK, "state", "RUNNING"));
    }

    @Test
    void anotherKeyForTheSameAttemptIsSeen() {
        violates("I5", changed("call", "round", "2", "key", TASK + ".1.2"));
    }

    @Test
    void otherWorkUnderTheSameKeyIsSeen() {
        violates("I5", changed("call", "round", "2", "work", "else"));
    }

    @Test
    void anAttemptThatNoReportBeganIsSeen() {
        violates("I5", with(21, "call", "taskRun", TASK, "key", TASK + ".2", "attempt", 2L, "round", 3L, "work", "w"));
    }

    @Test
    void aSecondEffectIsSeen() {
        violates("I6", with(16, "effect", "key", TASK + ".1", "taskRun", TASK, "attempt", 1L));
    }

    @Test
    void anEffectUnderASecondKeyOfTheAttemptIsSeen() {
        violates("I6", with(16, "effect", "key", TASK + ".1.2", "taskRun", TASK, "attempt", 1L));
    }

    @Test
    void anEndWithoutAnEffectIsSeen() {
        violates("I6", without("effect", "taskRun", TASK));
    }

    @Test
    void aClaimAfterTheEndIsSeen() {
        violates("I7", changed("taskRun", "taskRun", TASK, "fence", 3L));
    }

    @Test
    void callsThatGoOnAfterTheEndAreSeen() {
        var one = with(30, "call", "taskRun", TASK, "key", TASK + ".1", "attempt", 1L, "round", 3L, "work", "w");
        var other = with(31, "call", "taskRun", TASK, "key", TASK + ".1", "attempt", 1L, "round", 4L, "work", "w");

        assertThat(Checker.check(one.apply(sound())).violations()).isEmpty();
        violates("I7", one, other);
    }

    @Test
    void anOutcomeOfALostClaimThatWasAppliedIsSeen() {
        violates(
                "I8",
                with(
                        2,
                        "callRow",
                        "taskRun",
                        TASK,
                        "attempt",
                        1L,
                        "round",
                        1L,
                        "fence",
                        1L,
                        "durationMs",
                        20_000L,
                        "outcome",
                        "UNKNOWN",
                        "applied",
                        true,
                        "node",
                        "node-1"));
    }

    @Test
    void aMoveWithALowerFenceIsSeen() {
        violates("I8", changed("move", "cause", "REPORTED", "fence", 1L));
    }

    @Test
    void aClaimWhileTheOneBeforeHoldsIsSeen() {
        violates("I9", changed("callRow", "taskRun", TASK, "at", T + 5 * Event.SECOND));
    }

    @Test
    void aLostClaimIsAsOldAsItsMove() {
        violates("I9", changed("move", "taskRun", TASK, "cause", "CLAIMED", "at", T + 7 * Event.SECOND));
    }

    @Test
    void aCallOfALostClaimMayArriveLate() {
        var late = sound().stream()
                .map(event -> event.kind().equals("call") && event.is("taskRun", TASK) && event.number("round") == 1
                        ? new Event(event.process(), T + 10 * Event.SECOND, event.kind(), event.fields())
                        : event)
                .toList();

        assertThat(Checker.check(late).violations()).isEmpty();
    }

    @Test
    void aCallOfALostClaimMayBeMadeAWhileAfterIt() {
        var slow = with(
                4,
                "callRow",
                "taskRun",
                TASK,
                "attempt",
                1L,
                "round",
                1L,
                "fence",
                1L,
                "durationMs",
                15_000L,
                "outcome",
                "UNKNOWN",
                "applied",
                false,
                "node",
                "node-1");

        assertThat(Checker.check(slow.apply(sound())).violations()).isEmpty();
    }

    @Test
    void aMoveThatTheTableDoesNotHaveIsSeen() {
        violates(
                "I10",
                with(
                        20,
                        "move",
                        "run",
                        "r-1",
                        "taskRun",
                        TASK,
                        "from",
                        "COMPLETED",
                        "to",
                        "FAILED",
                        "fence",
                        2L,
                        "cause",
                        "REPORTED"));
    }

    @Test
    void anEndThatIsLeftWithoutAnOperatorIsSeen() {
        tells(
                "left FAILED without an operator",
                with(20, "move", "run", "r-1", "taskRun", TASK, "from", "FAILED", "to", "DUE", "cause", "RETRY_NOW"));
    }

    @Test
    void aMoveThatTheJournalLacksIsSeen() {
        violates("I10", without("move", "cause", "ACCEPTED"));
    }

    @Test
    void anEndThatTheJournalLacksIsSeen() {
        violates("I10", without("move", "cause", "TASKS_ENDED"));
    }

    @Test
    void aFireTimeThatCameEarlyIsSeen() {
        var id = java.time.Instant.ofEpochSecond(T / Event.SECOND + 60).toString();
        violates(
                "I11",
                with(
                        2,
                        "message",
                        "trigger",
                        "g-9",
                        "id",
                        id,
                        "source",
                        "/syncline/schedules/clock",
                        "status",
                        "ACCEPTED"));
    }

    @Test
    void aFireTimeThatRanTwiceIsSeen() {
        var id = java.time.Instant.ofEpochSecond(T / Event.SECOND).toString();
        var fired = with(
                2, "message", "trigger", "g-9", "id", id, "source", "/syncline/schedules/clock", "status", "ACCEPTED");
        tells(
                "has 2 runs",
                fired,
                with(2, "run", "run", "r-8", "trigger", "g-9", "group", "steps", "state", "COMPLETED"),
                with(2, "run", "run", "r-9", "trigger", "g-9", "group", "steps", "state", "COMPLETED"));
    }

    @Test
    void aPollThatCameTooSoonIsSeen() {
        violates("I12", changed("callRow", "status", "200", "at", T + 19 * Event.SECOND));
    }

    @Test
    void aPollThatCameTooLateIsSeen() {
        violates("I12", changed("callRow", "status", "200", "at", T + 59 * Event.SECOND));
    }

    @Test
    void aPollThatIsLateWhileNothingIsWrongIsSeen() {
        assertThat(Checker.check(polledInPeace(55).apply(sound())).violations()).isEmpty();
        tells("99 in 100 came up to", polledInPeace(56));
    }

    private static UnaryOperator<List<Event>> polledInPeace(int second) {
        return events -> {
            var more = new ArrayList<>(events);
            event(
                    more,
                    1,
                    "taskRun",
                    "taskRun",
                    "t-4",
                    "run",
                    "r-1",
                    "task",
                    "second",
                    "state",
                    "COMPLETED",
                    "attempt",
                    1L);
            move(more, 17, "t-4", "WAITING", "DUE", 0, "BARRIER_OPEN");
            move(more, second, "t-4", "DUE", "COMPLETED", 2, "MARKED_DONE");
            call(more, 50, "t-4", 1);
            event(more, 50, "effect", "key", "t-4.1", "taskRun", "t-4", "attempt", 1L);
            row(more, 50, "t-4", 1, "ACCEPTED", 202L);
            row(more, second, "t-4", 2, "REPORT", 200L);
            return more;
        };
    }

    @Test
    void aStepThatBeganBeforeTheOneBeforeItEndedIsSeen() {
        violates("I13", changed("call", "key", "t-2.1", "at", T + 10 * Event.SECOND));
    }

    @Test
    void twoRunsOfOneKeyAtATimeAreSeen() {
        violates(
                "I13",
                with(
                        5,
                        "run",
                        "run",
                        "r-2",
                        "trigger",
                        "g-2",
                        "group",
                        "steps",
                        "orderingKey",
                        "m-1",
                        "state",
                        "COMPLETED",
                        "startedAt",
                        T + 5 * Event.SECOND,
                        "endedAt",
                        T + 6 * Event.SECOND,
                        "place",
                        2L));
    }

    @Test
    void aRunThatOvertakesAnotherOfItsKeyIsSeen() {
        tells(
                "overtook",
                with(
                        25,
                        "run",
                        "run",
                        "r-2",
                        "group",
                        "steps",
                        "orderingKey",
                        "m-1",
                        "state",
                        "COMPLETED",
                        "startedAt",
                        T + 25 * Event.SECOND,
                        "endedAt",
                        T + 26 * Event.SECOND,
                        "place",
                        0L));
    }

    @Test
    void aStepWhoseTasksBecomeDueOneByOneIsSeen() {
        tells(
                "did not become due at once",
                with(1, "taskRun", "taskRun", "t-3", "run", "r-1", "task", "second", "state", "COMPLETED"),
                with(
                        21,
                        "move",
                        "run",
                        "r-1",
                        "taskRun",
                        "t-3",
                        "from",
                        "WAITING",
                        "to",
                        "DUE",
                        "cause",
                        "BARRIER_OPEN"));
    }

    @Test
    void aMoveThatItsDownstreamNeverReportedIsSeen() {
        violates("I14", without("callback", "outcome", "invoke"));
    }

    @Test
    void aForgedCallbackThatWasBelievedIsSeen() {
        violates(
                "I14",
                with(
                        16,
                        "callback",
                        "outcome",
                        "ok",
                        "taskRun",
                        TASK,
                        "callback",
                        "forged-1",
                        "forged",
                        true,
                        "status",
                        200L));
    }

    @Test
    void aCallbackThatCountedTwiceIsSeen() {
        violates("I15", with(19, "callback", "outcome", "ok", "taskRun", TASK, "callback", "cb-1", "applied", true));
    }

    @Test
    void aCopyOfACallbackThatIsJudgedAnewIsSeen() {
        violates("I15", changed("callback", "reason", "DUPLICATE", "reason", "ALREADY_ENDED"));
    }

    @Test
    void anAcknowledgedCallbackThatIsNotKeptIsSeen() {
        violates("I15", without("callbackRow", "callback", "cb-1"));
    }

    @Test
    void aFailureThatNobodyWasToldOfIsSeen() {
        violates("I19", changed("move", "cause", "REPORTED", "to", "FAILED"));
    }

    @Test
    void aFailureThatIsToldLateIsSeen() {
        tells(
                "failed was told 83000 ms later",
                changed("move", "cause", "REPORTED", "to", "FAILED"),
                with(
                        20,
                        "member",
                        "taskRun",
                        TASK,
                        "condition",
                        "REPORTED_FAILED",
                        "joinedAt",
                        T + 100 * Event.SECOND));
    }

    @Test
    void anIncidentWithoutACauseIsSeen() {
        violates("I19", with(20, "member", "taskRun", TASK, "condition", "REPORTED_FAILED", "joinedAt", T));
    }

    @Test
    void aContradictionThatNobodyWasToldOfIsSeen() {
        violates(
                "I19",
                with(
                        20,
                        "callbackRow",
                        "taskRun",
                        TASK,
                        "callback",
                        "cb-2",
                        "attempt",
                        1L,
                        "report",
                        "FAILED",
                        "reason",
                        "ALREADY_ENDED"));
    }

    @Test
    void figuresThatDifferAreSeen() {
        violates("I20", changed("total", "state", "COMPLETED", "runs", 2L));
    }

    @Test
    void aBrokenAuditChainIsSeen() {
        violates("I24", with(31, "audit", "complete", true, "broken", "3"));
    }

    @Test
    void aLateTakeoverIsSeen() {
        violates(
                "I26",
                changed("call", "round", "2", "at", T + 24 * Event.SECOND),
                events -> without("move", "cause", "ACCEPTED")
                        .apply(changed("callRow", "taskRun", TASK, "at", T + 24 * Event.SECOND)
                                .apply(moved(events))));
    }

    /** A node that ends at a crash point is lost when it is seen to have ended, not when that was ordered. */
    @Test
    void aLateTakeoverFromACrashIsSeen() {
        var crash = changed("fault", "fault", "crash-after-call-sent");
        var loss = with(3, "loss", "fault", "crash-after-call-sent", "target", "node-1");
        UnaryOperator<List<Event>> late = events -> without("move", "cause", "ACCEPTED")
                .apply(changed("callRow", "taskRun", TASK, "at", T + 24 * Event.SECOND)
                        .apply(moved(events)));

        var inTime = Checker.check(loss.apply(crash.apply(sound())));
        assertThat(inTime.violations()).isEmpty();
        assertThat(inTime.takeovers()).containsExactly(12 * Event.SECOND);
        violates("I26", crash, loss, changed("call", "round", "2", "at", T + 24 * Event.SECOND), late);
    }

    /** It has the time of a takeover for each of them. */
    @Test
    void aTakeoverByANodeThatEndsInItsTurnMayTakeTwiceAsLong() {
        var crash = changed("fault", "fault", "crash-after-call-sent");
        var losses = with(3, "loss", "fault", "crash-after-call-sent", "target", "node-1")
                .andThen(with(14, "loss", "fault", "crash-after-work-claimed", "target", "node-2"));
        UnaryOperator<List<Event>> late = events -> without("move", "cause", "ACCEPTED")
                .apply(changed("callRow", "taskRun", TASK, "at", T + 24 * Event.SECOND)
                        .apply(moved(changed("call", "round", "2", "at", T + 24 * Event.SECOND)
                                .apply(events))));

        var findings = Checker.check(losses.apply(late.apply(crash.apply(sound()))));

        assertThat(findings.violations()).extracting(Violation::invariant).doesNotContain("I26");
        assertThat(findings.takeovers()).isEmpty();
    }

    @Test
    void aDatabaseThatIsBackWithoutACallIsSeen() {
        var begin = with(21, "fault", "phase", "begin", "number", "2", "fault", "database-crash", "stops", "database");
        var end = with(23, "fault", "phase", "end", "number", "2", "fault", "database-crash", "hit", true);

        var more = with(60, "trigger", "outcome", "invoke", "id", "m-3", "source", "/s", "content", "first");

        violates("I26", begin, end, more);
    }

    @Test
    void aLeaseThatWasLeftIsSeen() {
        violates("I27", changed("taskRun", "taskRun", TASK, "leaseNode", "node-1"));
    }

    @Test
    void whatIsStillNotAnsweredInTheEndIsSeen() {
        violates("I27", with(60, "leftover", "what", "driver: something is still not answered"));
    }

    @Test
    void aStateThatIsSeenToGoBackIsSeen() {
        violates("I16", events -> {
            var more = new ArrayList<>(events);
            look(more, 24, "run", "r-1", "RUNNING", 0);
            return more;
        });
    }

    @Test
    void aTaskRunThatIsSeenToGoBackIsSeen() {
        violates("I16", events -> {
            var more = new ArrayList<>(events);
            look(more, 24, "taskRun", TASK, "CALLING", 2);
            return more;
        });
    }

    @Test
    void aRoundThatIsSeenToGoBackIsSeen() {
        violates("I16", events -> {
            var more = new ArrayList<>(events);
            look(more, 24, "taskRun", TASK, "COMPLETED", 1);
            return more;
        });
    }

    @Test
    void aStateThatTheJournalLacksIsSeen() {
        violates("I16", changed("look", "run", "r-1", "state", "QUEUED", "state", "CANCELLED"));
    }

    @Test
    void aMessageThatIsSentAndNeverArrivedIsSeen() {
        violates("I17", without("told", "message", "a-1"));
    }

    @Test
    void aMessageThatWasNeverCommittedIsSeen() {
        violates("I17", with(12, "told", "message", "a-3", "status", 204L));
    }

    @Test
    void aMessageThatOvertakesTheOneBeforeItIsSeen() {
        violates("I17", with(4, "told", "message", "a-2", "status", 503L));
    }

    @Test
    void aMessageThatIsMissingFromItsKeyIsSeen() {
        violates("I17", changed("parcel", "message", "a-2", "place", 3L));
    }

    @Test
    void aMessageThatNeverWentOutIsSeen() {
        violates("I18", changed("parcel", "message", "a-2", "state", "PENDING"));
    }

    @Test
    void aMessageThatComesAgainTooSoonIsSeen() {
        violates("I18", changed("told", "message", "a-1", "status", "204", "at", T + 7 * Event.SECOND));
    }

    @Test
    void threadsThatStayAreSeen() {
        violates("I27", with(51, "inside", "phase", "rest", "threads", 56L, "heapKb", 60_000L));
    }

    @Test
    void heapThatStaysIsSeen() {
        violates("I27", with(51, "inside", "phase", "rest", "threads", 50L, "heapKb", 66_001L));
    }

    @Test
    void aNodeThatTellsNothingAtTheEndIsSeen() {
        violates("I27", without("inside", "phase", "rest"));
    }

    @Test
    void aFullDiskThatIsToldAsAnErrorOfTheServerIsSeen() {
        violates("F31", fullDisk(), with(24, "trigger", "outcome", "unknown", "id", "m-4", "status", 500L));
    }

    @Test
    void aFullDiskThatDoesNotSayWhenToComeAgainIsSeen() {
        violates("F31", fullDisk(), with(24, "trigger", "outcome", "unknown", "id", "m-4", "status", 503L));
    }

    @Test
    void aFloodThatIsAnsweredWithAnErrorIsSeen() {
        violates(
                "F27",
                with(24, "trigger", "outcome", "unknown", "id", "m-5", "source", "/s", "flood", true, "status", 500L));
    }

    @Test
    void aSenderWhoIsToldThatThePlatformFailedIsSeen() {
        violates("F9", with(24, "trigger", "outcome", "unknown", "id", "m-6", "status", 500L));
        violates("F9", with(24, "callback", "outcome", "unknown", "taskRun", TASK, "callback", "cb-1", "status", 502L));
    }

    @Test
    void readersThatHoldUpCallsAreSeen() {
        assertThat(Checker.check(readers(18).apply(sound())).violations()).isEmpty();
        violates("F12", readers(18), changed("callRow", "taskRun", "t-2", "fence", "2", "at", T + 24 * Event.SECOND));
    }

    @Test
    void aCallThatAFaultBeforeHadHungUpIsNotHeldAgainstReaders() {
        var hungUp = readers(19)
                .apply(changed("callRow", "taskRun", "t-2", "fence", "1", "durationMs", 1_100L)
                        .apply(changed("callRow", "taskRun", "t-2", "fence", "2", "at", T + 26 * Event.SECOND)
                                .apply(sound())));

        assertThat(Checker.check(hungUp).violations()).isEmpty();
    }

    private static UnaryOperator<List<Event>> readers(int since) {
        return events -> with(30, "fault", "phase", "end", "number", "5", "fault", "reads-slow", "hit", true)
                .apply(with(since, "fault", "phase", "begin", "number", "5", "fault", "reads-slow", "stops", "")
                        .apply(events));
    }

    private static UnaryOperator<List<Event>> fullDisk() {
        return events -> with(26, "fault", "phase", "end", "number", "4", "fault", "database-disk-full", "hit", true)
                .apply(with(
                                23,
                                "fault",
                                "phase",
                                "begin",
                                "number",
                                "4",
                                "fault",
                                "database-disk-full",
                                "stops",
                                "database")
                        .apply(events));
    }

    @Test
    void aFaultThatNeverHitIsSeen() {
        violates("vacuous", changed("fault", "phase", "end", "hit", false));
    }

    @Test
    void aHistoryWithoutAnythingProvesNothing() {
        assertThat(Checker.check(List.of()).violations())
                .extracting(Violation::what)
                .contains("nobody saw anything that I8 is about", "nobody saw a call", "nobody saw an effect");
    }

    @Test
    void anInvariantThatHadNothingToLookAtIsSeen() {
        tells("nobody saw anything that I24 is about", without("audit", "complete", "true"));
        tells(
                "nobody saw anything that I16 is about",
                events -> events.stream()
                        .filter(event -> !event.kind().equals("look"))
                        .toList());
    }

    @Test
    void aFloodOfWhichNobodyHeardIsSeen() {
        tells("nobody saw what F27 is about", changed("fault", "fault", "trigger-deluge"));
    }

    /** Then nothing is late, and a run that was starved for long shows nothing. */
    @Test
    void aMachineWithoutProcessorsIsToldApart() {
        var starved = with(53, "starved", "from", T + 52 * Event.SECOND);
        var busy = with(99, "trigger", "outcome", "ok", "id", "m-1", "source", "/s", "content", "first", "runs", "r-1");

        assertThat(Checker.check(
                                polledInPeace(56).andThen(starved).andThen(busy).apply(sound()))
                        .violations())
                .isEmpty();
        tells("the machine at work for most of the time", busy, with(60, "starved", "from", T + 20 * Event.SECOND));
    }

    /** The end too comes later than a takeover may. */
    private static List<Event> moved(List<Event> events) {
        return changed("move", "cause", "REPORTED", "at", T + 25 * Event.SECOND).apply(events);
    }

    @SafeVarargs
    private static void violates(String invariant, UnaryOperator<List<Event>>... lies) {
        Lies.violates(sound(), invariant, lies);
    }

    @SafeVarargs
    private static void tells(String part, UnaryOperator<List<Event>>... lies) {
        Lies.tells(sound(), part, lies);
    }

    private static void look(List<Event> all, int second, String what, String id, String state, long round) {
        event(all, second, "look", what, id, "node", 1L, "state", state, "attempt", Math.min(round, 1), "round", round);
    }

    private static void parcel(List<Event> all, int second, String message, long place) {
        event(
                all,
                second,
                "parcel",
                "parcel",
                "o-" + place,
                "message",
                message,
                "orderingKey",
                "alert:people",
                "place",
                place,
                "state",
                "DELIVERED",
                "deliveries",
                1L);
    }

    private static void told(List<Event> all, int second, String message, long status) {
        event(all, second, "told", "message", message, "status", status);
    }

    private static void setting(List<Event> all, String task, long step) {
        event(
                all,
                0,
                "setting",
                "group",
                "steps",
                "task",
                task,
                "step",
                step,
                "intervalMs",
                3000L,
                "backoffMs",
                500L,
                "maxBackoffMs",
                3000L);
    }

    private static void move(
            List<Event> all, int second, String taskRun, String from, String to, long fence, String cause) {
        event(
                all,
                second,
                "move",
                "run",
                "r-1",
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
                cause);
    }

    private static void call(List<Event> all, int second, String taskRun, long round) {
        event(
                all,
                second,
                "call",
                "taskRun",
                taskRun,
                "key",
                taskRun + ".1",
                "attempt",
                1L,
                "round",
                round,
                "work",
                "w");
    }

    private static void row(List<Event> all, int second, String taskRun, long fence, String outcome, long status) {
        event(
                all,
                second,
                "callRow",
                "taskRun",
                taskRun,
                "attempt",
                1L,
                "round",
                fence,
                "fence",
                fence,
                "durationMs",
                200L,
                "outcome",
                outcome,
                "status",
                status,
                "applied",
                true,
                "node",
                "node-2");
    }

    private static void callback(
            List<Event> all,
            int second,
            String outcome,
            String id,
            String report,
            boolean forged,
            boolean applied,
            String reason) {
        event(
                all,
                second,
                "callback",
                "outcome",
                outcome,
                "taskRun",
                TASK,
                "attempt",
                1L,
                "callback",
                id,
                "report",
                report,
                "forged",
                forged,
                "applied",
                applied,
                "reason",
                reason,
                "status",
                200L);
    }
}
