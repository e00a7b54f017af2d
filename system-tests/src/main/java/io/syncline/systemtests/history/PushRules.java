package io.syncline.systemtests.history;

import java.util.HashSet;
import java.util.List;

/**
 * I17 and I18 for a feed of changes: they are numbered from 1 on without gaps, each arrives at whoever subscribed, for the first
 * time when those before it of its row were taken, and nothing else does.
 */
final class PushRules implements Rule {

    private static final String USERS = "users";

    @Override
    public void check(Facts facts, Findings findings) {
        facts.by("change", "dataset").forEach((dataset, changes) -> numbered(dataset, changes, findings));
        for (Event change : facts.of("change", "dataset", USERS)) {
            findings.looked("I18");
            if (facts.of("pushed", "event", change.text("event")).stream().noneMatch(PushRules::isTaken)) {
                findings.violated("I18", "change %d of users was never taken", change.number("seq"));
            }
        }
        facts.by("pushed", "event").forEach((event, pushed) -> {
            findings.looked("I17");
            var told = facts.one("change", "event", event);
            if (told.isEmpty()) {
                findings.violated("I17", "change %s was pushed and is not in the log", event);
            } else if (pushed.stream()
                    .anyMatch(one -> one.number("seq") != told.get().number("seq")
                            || !one.is("key", told.get().text("key")))) {
                findings.violated(
                        "I17",
                        "change %d of users was pushed as another one",
                        told.get().number("seq"));
            }
        });
        facts.by("pushed", "key").forEach((key, pushed) -> inOrder(key, pushed, facts, findings));
        facts.by("renamed", "user").forEach((user, named) -> recorded(user, named, facts, findings));
    }

    private static boolean isTaken(Event pushed) {
        return pushed.number("status") / 100 == 2;
    }

    private static void numbered(String dataset, List<Event> changes, Findings findings) {
        var seqs = changes.stream().map(change -> change.number("seq")).sorted().toList();
        findings.looked("I17");
        if (seqs.stream().distinct().count() != seqs.size()
                || seqs.get(0) != 1
                || seqs.get(seqs.size() - 1) != seqs.size()) {
            findings.violated(
                    "I17",
                    "%d changes of %s are numbered from %d to %d",
                    seqs.size(),
                    dataset,
                    seqs.get(0),
                    seqs.get(seqs.size() - 1));
        }
    }

    /** Of each name that was answered there is a change. */
    private static void recorded(String user, List<Event> named, Facts facts, Findings findings) {
        var names = named.stream()
                .filter(one -> one.is("outcome", "ok"))
                .map(one -> one.number("version"))
                .distinct()
                .count();
        var changes = facts.of("change", "dataset", USERS).stream()
                .filter(change -> change.is("key", user))
                .count();
        findings.looked("I17");
        if (changes < names) {
            findings.violated("I17", "user %s took %d names, and the log has %d changes", user, names, changes);
        }
    }

    /** A change that was taken may come again; one that comes for the first time comes when all before it were taken. */
    private static void inOrder(String key, List<Event> pushed, Facts facts, Findings findings) {
        var ofRow = facts.of("change", "dataset", USERS).stream()
                .filter(change -> change.is("key", key))
                .map(change -> change.number("seq"))
                .sorted()
                .toList();
        var seen = new HashSet<Long>();
        var taken = new HashSet<Long>();
        for (Event one : pushed) {
            findings.looked("I18");
            if (seen.add(one.number("seq"))) {
                var before = ofRow.stream()
                        .filter(seq -> seq < one.number("seq") && !taken.contains(seq))
                        .findFirst();
                if (before.isPresent()) {
                    findings.violated(
                            "I18",
                            "change %d of %s came before change %d was taken",
                            one.number("seq"),
                            key,
                            before.get());
                }
            }
            if (isTaken(one)) {
                taken.add(one.number("seq"));
            }
        }
    }
}
