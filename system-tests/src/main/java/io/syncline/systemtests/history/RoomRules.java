package io.syncline.systemtests.history;

import java.util.List;

/** I27: threads and heap of each node come back to what they were before the faults. */
public final class RoomRules implements Rule {

    private static final double MOST = 1.1;
    private static final List<String> WHAT = List.of("threads", "heapKb");

    @Override
    public void check(Facts facts, Findings findings) {
        facts.by("inside", "phase").getOrDefault("plateau", List.of()).forEach(before -> {
            var after = facts.of("inside", "phase", "rest").stream()
                    .filter(one -> one.process().equals(before.process()))
                    .reduce((earlier, later) -> later);
            if (after.isEmpty()) {
                findings.violated("I27", "%s did not tell what it holds at the end", before.process());
                return;
            }
            for (String what : WHAT) {
                findings.looked("I27");
                if (after.get().number(what) > before.number(what) * MOST) {
                    findings.violated(
                            "I27",
                            "%s: %s %d before the faults and %d when all was quiet; of threads %s, then %s",
                            before.process(),
                            what,
                            before.number(what),
                            after.get().number(what),
                            before.text("names"),
                            after.get().text("names"));
                }
            }
        });
    }

    /** Whether what was told last of each node is within the bound. */
    public static boolean hold(List<Event> history) {
        var insides =
                history.stream().filter(event -> event.kind().equals("inside")).toList();
        var findings = new Findings();
        new RoomRules().check(new Facts(insides), findings);
        return findings.violations().isEmpty();
    }
}
