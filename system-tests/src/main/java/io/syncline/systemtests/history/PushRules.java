package io.syncline.systemtests.history;

import java.util.HashSet;
import java.util.List;

/**
 * I17 and I18 for a feed of changes: they are numbered without gaps, each arrives at whoever subscribed, for the first time in the
 * order of its row, and nothing else does.
 */
final class PushRules implements Rule {

    @Override
    public void check(Facts facts, Findings findings) {
        facts.by("change", "dataset").forEach((dataset, changes) -> numbered(dataset, changes, findings));
        if (facts.all("pushed").isEmpty()) {
            return;
        }
        for (Event change : facts.of("change", "dataset", "users")) {
            findings.looked("I18");
            if (facts.of("pushed", "event", change.text("event")).stream().noneMatch(PushRules::isTaken)) {
                findings.violated("I18", "change %d of users was never taken", change.number("seq"));
            }
        }
        facts.by("pushed", "event").forEach((event, pushed) -> {
            findings.looked("I17");
            if (facts.of("change", "event", event).isEmpty()) {
                findings.violated("I17", "change %s was pushed and is not in the log", event);
            }
        });
        facts.by("pushed", "key").forEach((key, pushed) -> inOrder(key, pushed, findings));
    }

    private static boolean isTaken(Event pushed) {
        return pushed.number("status") / 100 == 2;
    }

    private static void numbered(String dataset, List<Event> changes, Findings findings) {
        var seqs = changes.stream().map(change -> change.number("seq")).sorted().toList();
        findings.looked("I17");
        if (seqs.stream().distinct().count() != seqs.size()
                || seqs.get(seqs.size() - 1) - seqs.get(0) + 1 != seqs.size()) {
            findings.violated(
                    "I17",
                    "%d changes of %s are numbered from %d to %d",
                    seqs.size(),
                    dataset,
                    seqs.get(0),
                    seqs.get(seqs.size() - 1));
        }
    }

    /** A change that came earlier may come again; one that was never there before comes behind all that were. */
    private static void inOrder(String key, List<Event> pushed, Findings findings) {
        var seen = new HashSet<Long>();
        long last = 0;
        for (Event one : pushed) {
            findings.looked("I18");
            if (seen.add(one.number("seq")) && one.number("seq") < last) {
                findings.violated(
                        "I18",
                        "change %d of %s came for the first time behind change %d",
                        one.number("seq"),
                        key,
                        last);
            }
            last = Math.max(last, one.number("seq"));
        }
    }
}
