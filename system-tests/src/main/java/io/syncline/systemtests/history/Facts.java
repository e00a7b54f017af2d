package io.syncline.systemtests.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A history by what its events are about. */
final class Facts {

    static final Set<String> ENDED = Set.of("COMPLETED", "FAILED", "CANCELLED", "SKIPPED");

    /** What does not work while the host gives the machine no processor. */
    static final String MACHINE = "machine";

    /** From the start of a fault until the system was whole again, with what did not work meanwhile. */
    record Window(String fault, String target, Set<String> stops, long from, long to) {}

    private final Map<String, List<Event>> byKind = new HashMap<>();
    private final Map<String, Map<String, List<Event>>> indexes = new HashMap<>();
    private final List<Window> windows;
    private final List<Window> crashes;

    Facts(List<Event> events) {
        events.stream()
                .sorted(Comparator.comparingLong(Event::at))
                .forEach(event -> byKind.computeIfAbsent(event.kind(), any -> new ArrayList<>())
                        .add(event));
        windows = windows();
        crashes = all("loss").stream()
                .map(loss -> new Window(loss.text("fault"), loss.text("target"), Set.of("node"), loss.at(), loss.at()))
                .toList();
    }

    /** In the order of their times. */
    List<Event> all(String kind) {
        return byKind.getOrDefault(kind, List.of());
    }

    /** Those of a kind, by the text of one field, in the order of their times. */
    Map<String, List<Event>> by(String kind, String field) {
        return indexes.computeIfAbsent(kind + "/" + field, any -> {
            var index = new LinkedHashMap<String, List<Event>>();
            all(kind)
                    .forEach(event -> index.computeIfAbsent(event.text(field), key -> new ArrayList<>())
                            .add(event));
            return index;
        });
    }

    List<Event> of(String kind, String field, String content) {
        return by(kind, field).getOrDefault(content, List.of());
    }

    Optional<Event> one(String kind, String field, String content) {
        return of(kind, field, content).stream().findFirst();
    }

    /** How a group has set its task up; the kind is setting, with milliseconds. */
    Optional<Event> setting(String group, String task) {
        return of("setting", "group", group).stream()
                .filter(setting -> setting.is("task", task))
                .findFirst();
    }

    /** Whether the downstream of a task writes down what it is called with and says; a consumer that works for a living does not. */
    boolean isRecorded(String taskRun) {
        return one("taskRun", "taskRun", taskRun)
                .flatMap(task -> one("run", "run", task.text("run"))
                        .flatMap(run -> setting(run.text("group"), task.text("task"))))
                .map(setting -> !setting.flag("unrecorded"))
                .orElse(true);
    }

    List<Window> faultWindows() {
        return windows;
    }

    /** Nodes that ended of themselves, at the time at which that was seen. */
    List<Window> crashes() {
        return crashes;
    }

    /** How much of a span lies within times in which any of {@code parts} did not work. */
    long stopped(long from, long to, String... parts) {
        long sum = 0;
        long covered = from;
        for (Window window : windows) {
            if (List.of(parts).stream().noneMatch(window.stops()::contains)) {
                continue;
            }
            long begin = Math.max(covered, window.from());
            long end = Math.min(to, window.to());
            if (end > begin) {
                sum += end - begin;
                covered = end;
            }
        }
        return sum;
    }

    private List<Window> windows() {
        var open = new HashMap<String, Event>();
        var found = new ArrayList<Window>();
        for (Event fault : all("fault")) {
            if (fault.is("phase", "begin")) {
                open.put(fault.text("number"), fault);
            } else {
                var begun = open.remove(fault.text("number"));
                if (begun != null) {
                    found.add(window(begun, fault.at()));
                }
            }
        }
        open.values().forEach(begun -> found.add(window(begun, Long.MAX_VALUE)));
        all("starved")
                .forEach(span -> found.add(
                        new Window("starved", "the machine", Set.of(MACHINE), span.number("from"), span.at())));
        found.sort(Comparator.comparingLong(Window::from));
        return List.copyOf(found);
    }

    private static Window window(Event begun, long end) {
        return new Window(
                begun.text("fault"),
                begun.text("target"),
                Set.of(begun.text("stops").split(" ")),
                begun.at(),
                end);
    }
}
