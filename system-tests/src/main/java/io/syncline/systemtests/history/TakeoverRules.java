package io.syncline.systemtests.history;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** I26: what a lost node had in hand shows a sign of life within the takeover time. */
final class TakeoverRules implements Rule {

    private static final long TAKEOVER = 20 * Event.SECOND;
    private static final long RESUMED_WITHIN = 15 * Event.SECOND;
    private static final List<String> HINDERING = List.of("database", "dispatch", "downstream", "node", Facts.MACHINE);
    private static final long LONGEST_CALL = 6 * Event.SECOND;

    @Override
    public void check(Facts facts, Findings findings) {
        for (Facts.Window lost : facts.faultWindows()) {
            if (lost.stops().contains("database")) {
                resumed(lost, facts, findings);
            }
            if (lost.fault().equals("node-kill") || lost.fault().equals("node-freeze")) {
                takenOver(lost, facts, findings);
            }
        }
        facts.crashes().forEach(lost -> takenOver(lost, facts, findings));
    }

    private static void takenOver(Facts.Window lost, Facts facts, Findings findings) {
        facts.all("call").stream()
                .filter(call -> call.at() <= lost.from() && call.at() > lost.from() - LONGEST_CALL)
                .filter(call -> isLost(call, lost, facts))
                .forEach(call -> taken(call, lost, facts, findings));
    }

    /** While messages keep coming there is always somebody to call. */
    private static void resumed(Facts.Window away, Facts facts, Findings findings) {
        var hindered = facts.faultWindows().stream()
                .filter(other -> other != away && other.from() < away.to() + RESUMED_WITHIN && other.to() > away.to())
                .anyMatch(other -> HINDERING.stream().anyMatch(other.stops()::contains));
        var messages = facts.all("trigger");
        var last = messages.isEmpty() ? 0 : messages.get(messages.size() - 1).at();
        if (hindered || last < away.to() + RESUMED_WITHIN) {
            return;
        }
        findings.looked("I26");
        var next = facts.all("call").stream()
                .mapToLong(Event::at)
                .filter(at -> at >= away.to())
                .min();
        if (next.isEmpty() || next.getAsLong() > away.to() + RESUMED_WITHIN) {
            findings.violated("I26", "%s: no call within 15 s after the database was back", away.fault());
        }
    }

    /** No outcome of the call was written, whichever node made it; those of living nodes are written sooner or later. */
    private static boolean isLost(Event call, Facts.Window lost, Facts facts) {
        var row = facts.of("callRow", "taskRun", call.text("taskRun")).stream()
                .filter(one -> one.number("round") == call.number("round"))
                .findFirst();
        var ended = facts.of("move", "taskRun", call.text("taskRun")).stream()
                .anyMatch(move -> Facts.ENDED.contains(move.text("to")) && move.at() <= lost.from());
        if (ended) {
            return false;
        }
        if (row.isPresent()) {
            // Written when the node woke, and refused; what a node wrote before it died was not lost.
            var written = row.get().at() + row.get().number("durationMs") * 1000;
            return !row.get().flag("applied") && row.get().is("node", lost.target()) && written >= lost.from();
        }
        return !lost.fault().equals("node-freeze");
    }

    private static void taken(Event call, Facts.Window lost, Facts facts, Findings findings) {
        var sign = sign(call, lost.from(), facts);
        if (sign.isEmpty()) {
            findings.looked("I26");
            findings.violated(
                    "I26", "nobody took over round %d of task run %s", call.number("round"), call.text("taskRun"));
            return;
        }
        var after = sign.get().at() - lost.from();
        var hindered = facts.stopped(lost.from(), sign.get().at(), "database", "dispatch", "downstream", Facts.MACHINE);
        var again = lostAgain(lost, sign.get(), facts);
        findings.looked("I26");
        if (hindered == 0 && again == 0) {
            findings.takenOverAfter(after);
        } else {
            findings.takenOverHindered(after);
        }
        if (after > TAKEOVER * (1 + again) + (hindered == 0 ? 0 : hindered + RESUMED_WITHIN)) {
            findings.violated(
                    "I26",
                    "%s: task run %s was taken over %d ms after the loss of %s",
                    lost.fault(),
                    call.text("taskRun"),
                    after / 1000,
                    lost.target());
        }
    }

    /** Crashes follow one another at once: the node that takes over may be the next that ends. */
    private static long lostAgain(Facts.Window lost, Event sign, Facts facts) {
        return facts.crashes().contains(lost)
                ? facts.crashes().stream()
                        .filter(other -> other.from() > lost.from() && other.from() < sign.at())
                        .count()
                : 0;
    }

    private static Optional<Event> sign(Event call, long since, Facts facts) {
        var later = facts.of("call", "taskRun", call.text("taskRun")).stream()
                .filter(one -> one.number("round") > call.number("round"));
        var tried = facts.of("callRow", "taskRun", call.text("taskRun")).stream()
                .filter(one -> one.number("round") > call.number("round"));
        var moved = facts.of("move", "taskRun", call.text("taskRun")).stream();
        return Stream.of(later, tried, moved)
                .flatMap(events -> events)
                .filter(event -> event.at() >= since)
                .min(Comparator.comparingLong(Event::at));
    }
}
