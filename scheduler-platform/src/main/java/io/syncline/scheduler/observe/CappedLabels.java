package io.syncline.scheduler.observe;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Keeps the number of time series bounded: the first values of a label are shown, what comes after is "other". */
final class CappedLabels {

    static final int MOST = 500;
    static final String OTHER = "other";

    private final Map<String, Set<String>> known = new ConcurrentHashMap<>();

    /** The value itself while there is room for it. */
    String capped(String label, String value) {
        var values = known.computeIfAbsent(label, name -> ConcurrentHashMap.newKeySet());
        if (values.contains(value)) {
            return value;
        }
        synchronized (values) {
            return values.size() < MOST && values.add(value) ? value : OTHER;
        }
    }
}
