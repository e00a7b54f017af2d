package io.syncline.systemtests.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * I16: whoever looks again, at whichever node, sees nothing that was before what they saw already. The looks at one run follow each
 * other, so what they saw has to stand in the journal in this order.
 */
final class LookRules implements Rule {

    @Override
    public void check(Facts facts, Findings findings) {
        for (String what : List.of("run", "taskRun")) {
            facts.by("look", what).forEach((id, looks) -> {
                if (!id.isEmpty()) {
                    var moves = facts.of("move", what, id).stream()
                            .filter(move -> what.equals("taskRun") || !move.has("taskRun"))
                            .toList();
                    statesSeen(what, id, moves, looks, findings);
                    if (what.equals("taskRun")) {
                        roundsSeen(id, looks, findings);
                    }
                }
            });
        }
    }

    private static void statesSeen(String what, String id, List<Event> moves, List<Event> looks, Findings findings) {
        var ordered = moves.isEmpty() ? Optional.of(moves) : MoveRules.inOrder(moves);
        if (ordered.isEmpty()) {
            // I10 tells of that.
            return;
        }
        var states = new ArrayList<String>();
        if (what.equals("taskRun")) {
            states.add("WAITING");
        }
        ordered.get().forEach(move -> states.add(move.text("to")));
        int at = 0;
        for (Event look : looks) {
            findings.looked("I16");
            int found = at;
            while (found < states.size() && !states.get(found).equals(look.text("state"))) {
                found++;
            }
            if (found == states.size()) {
                findings.violated(
                        "I16",
                        "%s %s was seen %s at node %d, where the journal has no such state from place %d on: %s",
                        what,
                        id,
                        look.text("state"),
                        look.number("node"),
                        at,
                        states);
                return;
            }
            at = found;
        }
    }

    private static void roundsSeen(String id, List<Event> looks, Findings findings) {
        long attempt = 0;
        long round = 0;
        for (Event look : looks) {
            if (look.number("attempt") < attempt || look.number("round") < round) {
                findings.violated(
                        "I16",
                        "task run %s was seen in attempt %d, round %d after attempt %d, round %d",
                        id,
                        look.number("attempt"),
                        look.number("round"),
                        attempt,
                        round);
            }
            attempt = Math.max(attempt, look.number("attempt"));
            round = Math.max(round, look.number("round"));
        }
    }
}
