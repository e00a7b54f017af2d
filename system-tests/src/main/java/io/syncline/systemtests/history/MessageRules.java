package io.syncline.systemtests.history;

import java.util.HashSet;
import java.util.List;
import java.util.stream.Collectors;

/** I1 to I3: what was acknowledged runs once, nothing else runs, and the first content of an id stands. */
final class MessageRules implements Rule {

    private static final String SCHEDULES = "/syncline/schedules/";
    private static final long TOO_MANY = 429;
    private static final long CONFLICTING = 422;

    @Override
    public void check(Facts facts, Findings findings) {
        facts.by("trigger", "id").forEach((id, sent) -> check(id, sent, facts, findings));
        for (Event message : facts.all("message")) {
            var runs = facts.of("run", "trigger", message.text("trigger"));
            if (message.text("source").startsWith(SCHEDULES)) {
                scheduled(message, runs, findings);
            } else if (message.is("source", ImportRules.SOURCE)) {
                // ImportRules know what it may tell of.
                continue;
            } else if (message.is("status", "ACCEPTED")) {
                phantom(message, runs, facts, findings);
            } else if (!runs.isEmpty()) {
                findings.violated("I1", "message %s is %s and has runs", message.text("id"), message.text("status"));
            }
        }
    }

    private static void check(String id, List<Event> sent, Facts facts, Findings findings) {
        findings.looked("I1");
        var ok = with(sent, "ok");
        var unknown = !with(sent, "unknown").isEmpty()
                // Sent, and nobody lived to see the answer.
                || with(sent, "invoke").size()
                        > sent.size() - with(sent, "invoke").size();
        var accepted = facts.of("message", "id", id).stream()
                .filter(message -> message.is("status", "ACCEPTED"))
                .filter(message -> message.is("source", sent.get(0).text("source")))
                .toList();
        var runs = accepted.stream()
                .flatMap(message -> facts.of("run", "trigger", message.text("trigger")).stream())
                .filter(run -> !run.has("rerunOf"))
                .map(run -> run.text("run"))
                .collect(Collectors.toCollection(HashSet::new));
        if (!ok.isEmpty() && runs.size() != 1) {
            findings.violated("I1", "message %s was acknowledged and has %d runs", id, runs.size());
        } else if (ok.isEmpty() && runs.size() > (unknown ? 1 : 0)) {
            findings.violated("I1", "message %s was not acknowledged and has %d runs", id, runs.size());
        }
        for (Event answer : ok) {
            if (!new HashSet<>(List.of(answer.text("runs").split(" "))).equals(runs)) {
                findings.violated("I1", "message %s: the answer named %s, there are %s", id, answer.text("runs"), runs);
            }
        }
        refused(id, sent, findings);
        contents(id, sent, accepted, findings);
    }

    /** A platform that takes nothing loses nothing either: what is well-formed is refused for want of room, or since another content came first. */
    private static void refused(String id, List<Event> sent, Findings findings) {
        var contents =
                sent.stream().map(event -> event.text("content")).distinct().count();
        for (Event answer : with(sent, "fail")) {
            var status = answer.number("status");
            if (answer.has("status") && status != TOO_MANY && !(status == CONFLICTING && contents > 1)) {
                findings.violated("I1", "message %s was refused with %d, and nothing is wrong with it", id, status);
            }
        }
    }

    private static void contents(String id, List<Event> sent, List<Event> accepted, Findings findings) {
        findings.looked("I3");
        var taken =
                with(sent, "ok").stream().map(answer -> answer.text("content")).collect(Collectors.toSet());
        if (taken.size() > 1) {
            findings.violated("I3", "message %s was acknowledged with the contents %s", id, taken);
        }
        for (Event message : accepted) {
            if (!taken.isEmpty() && !taken.contains(message.text("content"))) {
                findings.violated(
                        "I3", "message %s was acknowledged with %s, kept with %s", id, taken, message.text("content"));
            }
            with(sent, "fail").stream()
                    .filter(refused -> refused.number("status") == 422)
                    .filter(refused -> refused.is("content", message.text("content")))
                    .forEach(refused -> findings.violated("I3", "message %s: a copy of the first was refused", id));
        }
    }

    private static List<Event> with(List<Event> sent, String outcome) {
        return sent.stream().filter(event -> event.is("outcome", outcome)).toList();
    }

    private static void phantom(Event message, List<Event> runs, Facts facts, Findings findings) {
        findings.looked("I2");
        var known = facts.of("trigger", "id", message.text("id")).stream()
                .anyMatch(sent ->
                        sent.is("source", message.text("source")) && sent.is("content", message.text("content")));
        if (!known) {
            findings.violated(
                    "I2", "message %s with content %s was never sent", message.text("id"), message.text("content"));
        }
        for (Event run : runs) {
            if (!run.is("content", message.text("content"))) {
                findings.violated(
                        "I3", "run %s has another content than its message %s", run.text("run"), message.text("id"));
            }
        }
    }

    /** A fire time is the id of its message. */
    private static void scheduled(Event message, List<Event> runs, Findings findings) {
        findings.looked("I11");
        if (runs.size() != 1) {
            findings.violated("I11", "the fire time %s has %d runs", message.text("id"), runs.size());
        }
        var due = History.micros(java.time.Instant.parse(message.text("id")));
        if (message.at() < due - Event.SECOND / 2) {
            findings.violated(
                    "I11", "the fire time %s came %d ms early", message.text("id"), (due - message.at()) / 1000);
        }
    }
}
