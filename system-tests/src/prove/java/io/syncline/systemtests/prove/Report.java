package io.syncline.systemtests.prove;

import io.syncline.systemtests.api.Http;
import io.syncline.systemtests.history.Event;
import io.syncline.systemtests.history.Findings;
import io.syncline.systemtests.history.Violation;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** The figures of one run, as JSON and as a page that needs nothing else. */
final class Report {

    private static final int SHOWN = 200;
    private static final double MILLION = 1e6;

    private final Map<String, Object> figures = new LinkedHashMap<>();
    private final Map<String, FaultCount> faults = new TreeMap<>();
    private final List<Violation> violations;
    private final String expected;
    private final Map<String, Long> looks;

    /** How often a kind was injected, how often it hit, and what the last one said of it. */
    private record FaultCount(int injected, int hit, String evidence) {}

    private Report(Options options, Instant began, List<Event> events, Findings findings) {
        expected = options.expects();
        violations = findings.violations();
        looks = new TreeMap<>(findings.looks());
        for (Event event : events) {
            if (event.kind().equals("fault") && event.is("phase", "end")) {
                var one = new FaultCount(1, event.flag("hit") ? 1 : 0, event.text("evidence"));
                faults.merge(
                        event.text("fault"),
                        one,
                        (sum, more) -> new FaultCount(sum.injected + 1, sum.hit + more.hit, more.evidence));
            }
        }
        var takeovers = findings.takeovers().stream().sorted().toList();
        figures.put("command", options.command());
        figures.put("seed", options.seed());
        if (!expected.isEmpty()) {
            figures.put("plant", options.plant().map(Plant::name).orElse(""));
            figures.put("expected", expected);
        }
        figures.put("began", began.toString());
        figures.put("seconds", Duration.between(began, Instant.now()).toSeconds());
        figures.put("java", System.getProperty("java.version"));
        figures.put("processors", Runtime.getRuntime().availableProcessors());
        figures.put(
                "faults",
                faults.values().stream().mapToInt(FaultCount::injected).sum());
        figures.put(
                "faultsThatHit",
                faults.values().stream().mapToInt(FaultCount::hit).sum());
        figures.put(
                "kindsOfFaults",
                faults.values().stream().filter(count -> count.hit > 0).count());
        figures.put(
                "messages",
                events.stream()
                        .filter(of("trigger"))
                        .map(event -> event.text("id"))
                        .distinct()
                        .count());
        figures.put("messagesSent", count(events, of("trigger").and(is("outcome", "invoke"))));
        figures.put("messagesOfUnknownOutcome", count(events, of("trigger").and(is("outcome", "unknown"))));
        figures.put("runs", count(events, of("run")));
        figures.put("taskRuns", count(events, of("taskRun")));
        figures.put("calls", count(events, of("call")));
        figures.put("effects", count(events, of("effect")));
        figures.put("callbacksSent", count(events, of("callback").and(is("outcome", "invoke"))));
        figures.put(
                "forgedCallbacks",
                count(events, of("callback").and(is("outcome", "invoke")).and(event -> event.flag("forged"))));
        figures.put("moves", count(events, of("move")));
        figures.put("staleOutcomesRejected", count(events, of("callRow").and(event -> !event.flag("applied"))));
        figures.put("acknowledgedMessagesLost", violated("I1"));
        figures.put("doubleEffects", violated("I6"));
        figures.put("takeovers", takeovers.size());
        figures.put(
                "takeoverMedianSeconds", takeovers.isEmpty() ? null : takeovers.get(takeovers.size() / 2) / MILLION);
        figures.put("takeoverMaxSeconds", takeovers.isEmpty() ? null : takeovers.get(takeovers.size() - 1) / MILLION);
        var hindered = findings.hinderedTakeovers().stream().sorted().toList();
        figures.put("takeoversHindered", hindered.size());
        figures.put(
                "takeoverHinderedMaxSeconds", hindered.isEmpty() ? null : hindered.get(hindered.size() - 1) / MILLION);
        figures.put("secondsWithoutProcessors", starved(events));
        figures.put("threadsAndHeap", Insides.canBeRead() ? "checked" : "not checked: this Java has no jcmd");
        figures.put("violations", violations.size());
    }

    static Report of(Options options, Instant began, List<Event> events, Findings findings) {
        return new Report(options, began, events, findings);
    }

    private static Predicate<Event> of(String kind) {
        return event -> event.kind().equals(kind);
    }

    private static Predicate<Event> is(String name, String content) {
        return event -> event.is(name, content);
    }

    private static long count(List<Event> events, Predicate<Event> which) {
        return events.stream().filter(which).count();
    }

    /** In which the host gave the machine much less than its processors; promises about time were not held against these. */
    private static long starved(List<Event> events) {
        return events.stream()
                        .filter(of("starved"))
                        .mapToLong(span -> span.at() - span.number("from"))
                        .sum()
                / Event.SECOND;
    }

    private long violated(String invariant) {
        return violations.stream()
                .filter(one -> one.invariant().equals(invariant))
                .count();
    }

    private boolean isClean() {
        return violations.isEmpty();
    }

    /** Nothing was violated, or with a planted bug what it has to violate. */
    boolean isAsExpected() {
        return expected.isEmpty() ? isClean() : violated(expected) > 0;
    }

    /** How often each invariant was violated, by its name. */
    Map<String, Integer> violated() {
        var byName = new TreeMap<String, Integer>();
        violations.forEach(one -> byName.merge(one.invariant(), 1, Integer::sum));
        return byName;
    }

    void write(Path folder) throws IOException {
        var json = new LinkedHashMap<>(figures);
        json.put("faultsByKind", faults);
        json.put("checks", looks);
        json.put("found", violations);
        Files.write(
                folder.resolve("report.json"),
                Http.JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(json));
        Files.writeString(folder.resolve("report.html"), page());
    }

    void print(PrintStream screen) {
        figures.forEach((name, content) -> screen.printf("%-26s %s%n", name, content));
        violations.stream().limit(40).forEach(one -> screen.printf("%s: %s%n", one.invariant(), one.what()));
        screen.println(isClean() ? "no violation" : "violated: " + violated());
        if (!expected.isEmpty()) {
            screen.println((isAsExpected() ? "the planted bug was caught by " : "the planted bug was not caught by ")
                    + expected);
        }
    }

    private String page() {
        var page = new StringBuilder();
        page.append("""
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
            <title>Proof under faults</title><style>
            :root { color-scheme: light dark; --line: #d0d7de; --good: #1a7f37; --bad: #b3261e; }
            @media (prefers-color-scheme: dark) { :root { --line: #3d444d; --good: #3fb950; --bad: #ff8a80; } }
            body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
            table { border-collapse: collapse; margin: 1rem 0; } caption { text-align: left; font-weight: 600; padding: .4rem 0; }
            th, td { border-bottom: 1px solid var(--line); padding: .25rem .8rem .25rem 0; text-align: left; vertical-align: top; }
            td.number { text-align: right; font-variant-numeric: tabular-nums; } code { font-size: .95em; }
            .good { color: var(--good); } .bad { color: var(--bad); } .verdict { font-size: 1.2rem; font-weight: 600; }
            </style></head><body><h1>Proof under faults</h1>
            """);
        page.append("<p><code>").append(escaped(figures.get("command"))).append("</code></p>\n");
        page.append(
                isClean()
                        ? "<p class=\"verdict good\">✓ No violation</p>\n"
                        : "<p class=\"verdict bad\">✗ " + violations.size() + " violations</p>\n");
        table(
                page,
                "Figures",
                List.of("Figure", ""),
                figures.entrySet().stream()
                        .map(one -> List.of(words(one.getKey()), one.getValue() == null ? "–" : one.getValue()))
                        .toList());
        table(
                page,
                "Faults by kind",
                List.of("Fault", "Injected", "Hit", "The last one"),
                faults.entrySet().stream()
                        .map(one -> List.<Object>of(
                                one.getKey(), one.getValue().injected, one.getValue().hit, one.getValue().evidence))
                        .toList());
        table(
                page,
                "What was looked at",
                List.of("Invariant", "Times", "Violations"),
                looks.entrySet().stream()
                        .map(one -> List.<Object>of(one.getKey(), one.getValue(), violated(one.getKey())))
                        .toList());
        if (!violations.isEmpty()) {
            table(
                    page,
                    "Violations, the first " + SHOWN,
                    List.of("Invariant", "What"),
                    violations.stream()
                            .limit(SHOWN)
                            .map(one -> List.<Object>of(one.invariant(), one.what()))
                            .toList());
        }
        return page.append("</body></html>\n").toString();
    }

    private static void table(StringBuilder page, String caption, List<String> heads, List<List<Object>> rows) {
        page.append("<table><caption>").append(escaped(caption)).append("</caption><thead><tr>");
        heads.forEach(
                head -> page.append("<th scope=\"col\">").append(escaped(head)).append("</th>"));
        page.append("</tr></thead><tbody>\n");
        for (List<Object> row : rows) {
            page.append("<tr>");
            for (Object content : new ArrayList<>(row)) {
                page.append(content instanceof Number ? "<td class=\"number\">" : "<td>")
                        .append(escaped(content))
                        .append("</td>");
            }
            page.append("</tr>\n");
        }
        page.append("</tbody></table>\n");
    }

    private static String words(String name) {
        var words = name.replaceAll("([A-Z])", " $1").toLowerCase(java.util.Locale.ROOT);
        return Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }

    private static String escaped(Object text) {
        return String.valueOf(text)
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
