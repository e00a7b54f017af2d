package io.syncline.provider.imports;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is wrong with a file, up to a bound. */
final class Flaws {

    private final int max;
    private final List<Map<String, Object>> list = new ArrayList<>();

    Flaws(int max) {
        this.max = max;
    }

    void add(long line, @Nullable String column, String detail, String code) {
        if (list.size() >= max) {
            return;
        }
        var flaw = new LinkedHashMap<String, Object>();
        flaw.put("pointer", "/" + line + (column == null ? "" : "/" + column));
        flaw.put("line", line);
        if (column != null) {
            flaw.put("column", column);
        }
        flaw.put("detail", detail);
        flaw.put("code", code);
        list.add(flaw);
    }

    /** Where reading ended. */
    void add(UnreadableCsvException unreadable) {
        int before = list.size();
        add(unreadable.line(), null, String.valueOf(unreadable.getMessage()), "unreadable");
        if (unreadable.place() > 0 && list.size() > before) {
            list.get(before).put("byte", unreadable.place());
        }
    }

    boolean isFull() {
        return list.size() >= max;
    }

    boolean isEmpty() {
        return list.isEmpty();
    }

    /** By line. */
    List<Map<String, Object>> list() {
        list.sort(Comparator.comparing(flaw -> (Long) flaw.getOrDefault("line", 0L)));
        return list;
    }
}
