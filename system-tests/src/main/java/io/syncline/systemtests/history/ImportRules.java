package io.syncline.systemtests.history;

import java.util.List;
import java.util.stream.Collectors;

/**
 * I1, I2, I4, I17 and I22 for what a provider announces through its own outbox: each import that was made is one message with one run, which
 * completes, and no message tells of one that was not made; what an outbox holds is delivered.
 */
final class ImportRules implements Rule {

    static final String SOURCE = "/provider";

    @Override
    public void check(Facts facts, Findings findings) {
        facts.by("import", "day").forEach((day, said) -> announced(day, said, facts, findings));
        for (Event message : facts.of("message", "source", SOURCE)) {
            findings.looked("I2");
            if (facts.of("import", "id", message.text("id")).isEmpty()) {
                findings.violated("I2", "message %s tells of an import that nobody knows of", message.text("id"));
            }
        }
        for (Event shipment : facts.all("shipment")) {
            findings.looked("I17");
            if (!shipment.is("state", "DELIVERED")) {
                findings.violated(
                        "I17",
                        "%d messages of %s in the outbox of the %s are %s: %s",
                        shipment.number("messages"),
                        shipment.text("about"),
                        shipment.text("service"),
                        shipment.text("state"),
                        shipment.text("because"));
            }
        }
    }

    private static void announced(String day, List<Event> said, Facts facts, Findings findings) {
        var ids = said.stream()
                .filter(answer -> answer.is("outcome", "ok"))
                .map(answer -> answer.text("id"))
                .collect(Collectors.toSet());
        findings.looked("I4");
        if (ids.isEmpty()) {
            findings.violated("I4", "the import of day %s was never answered", day);
            return;
        }
        findings.looked("I1");
        if (ids.size() > 1) {
            findings.violated("I1", "day %s was imported as %s", day, ids);
        }
        for (String id : ids) {
            var runs = facts.of("message", "id", id).stream()
                    .filter(message -> message.is("status", "ACCEPTED") && message.is("source", SOURCE))
                    .flatMap(message -> facts.of("run", "trigger", message.text("trigger")).stream())
                    .toList();
            if (runs.size() != 1) {
                findings.violated("I1", "day %s was imported and announced, and has %d runs", day, runs.size());
            } else if (!runs.get(0).is("state", "COMPLETED")) {
                findings.violated(
                        "I22", "the run of day %s is %s", day, runs.get(0).text("state"));
            }
        }
    }
}
