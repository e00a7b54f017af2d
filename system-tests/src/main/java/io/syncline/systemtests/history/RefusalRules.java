package io.syncline.systemtests.history;

import java.util.List;
import java.util.Set;

/**
 * F31: whoever cannot be served while a disk is full is told so, and when to come again. F27: each message of a flood is taken, or
 * told to come again. F9: whoever sends messages, reports or owns data is told that he is not served now, and never that a service
 * failed.
 */
final class RefusalRules implements Rule {

    private static final Set<Long> OF_A_FLOOD = Set.of(200L, 202L, 409L, 429L, 503L);
    private static final Set<Long> NOT_NOW = Set.of(503L, 507L);
    private static final List<String> FULL = List.of("database-disk-full", "database-tables-full");

    @Override
    public void check(Facts facts, Findings findings) {
        var windows = facts.faultWindows().stream()
                .filter(window -> FULL.contains(window.fault()))
                .toList();
        facts.all("trigger").stream()
                .filter(answer -> answer.number("status") >= 500)
                .filter(answer ->
                        windows.stream().anyMatch(window -> window.from() <= answer.at() && answer.at() <= window.to()))
                .forEach(answer -> {
                    findings.looked("F31");
                    if (answer.number("status") != 503 || !answer.has("retryAfter")) {
                        findings.violated(
                                "F31",
                                "message %s was answered %d while a disk was full, Retry-After %s",
                                answer.text("id"),
                                answer.number("status"),
                                answer.has("retryAfter") ? answer.text("retryAfter") : "missing");
                    }
                });
        for (String kind : List.of("import", "renamed")) {
            for (Event answer : facts.all(kind)) {
                findings.looked("F9");
                if (answer.number("status") >= 500 && !NOT_NOW.contains(answer.number("status"))) {
                    findings.violated(
                            "F9",
                            "the %s of %s was answered %d",
                            kind.equals("import") ? "import" : "name",
                            kind.equals("import") ? "day " + answer.text("day") : "user " + answer.text("user"),
                            answer.number("status"));
                }
            }
        }
        notFailed("message", "id", facts.all("trigger"), findings);
        notFailed("callback", "callback", facts.all("callback"), findings);
        facts.all("trigger").stream()
                .filter(answer -> answer.flag("flood") && answer.has("status"))
                .forEach(answer -> {
                    findings.looked("F27");
                    if (!OF_A_FLOOD.contains(answer.number("status"))) {
                        findings.violated(
                                "F27",
                                "message %s of a flood was answered %d",
                                answer.text("id"),
                                answer.number("status"));
                    }
                });
    }

    private static void notFailed(String what, String field, List<Event> answers, Findings findings) {
        for (Event answer : answers) {
            if (answer.has("status")) {
                findings.looked("F9");
                if (answer.number("status") >= 500 && answer.number("status") != 503) {
                    findings.violated("F9", "%s %s was answered %d", what, answer.text(field), answer.number("status"));
                }
            }
        }
    }
}
