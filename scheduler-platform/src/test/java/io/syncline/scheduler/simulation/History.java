package io.syncline.scheduler.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** What happened, line by line, with short names for ids; kept only when somebody wants to read it. */
final class History {

    private static final Pattern ID = Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    private final boolean told;
    private final List<String> lines = new ArrayList<>();
    private final Map<String, String> names = new HashMap<>();

    History(boolean told) {
        this.told = told;
    }

    void tell(Supplier<String> line) {
        if (told) {
            lines.add(named(line.get()));
        }
    }

    /** From now on this id is told by this name. */
    void name(String id, Supplier<String> name) {
        if (told) {
            names.put(id, name.get());
        }
    }

    String named(String line) {
        return ID.matcher(line).replaceAll(found -> names.getOrDefault(found.group(), "(id)"));
    }

    String time(Instant start, Instant now) {
        var since = Duration.between(start, now);
        return "%d:%02d.%03d".formatted(since.toMinutes(), since.toSecondsPart(), since.toMillisPart());
    }

    List<String> lines() {
        return lines;
    }
}
