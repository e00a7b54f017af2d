package io.syncline.consumer.sync;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The configured datasets by key. */
public final class Datasets {

    private final Map<String, Dataset> byKey = new LinkedHashMap<>();

    public Datasets(Iterable<Dataset> datasets) {
        for (var dataset : datasets) {
            if (byKey.put(dataset.key(), dataset) != null) {
                throw new IllegalArgumentException("dataset configured twice: " + dataset.key());
            }
        }
    }

    public Optional<Dataset> find(String key) {
        return Optional.ofNullable(byKey.get(key));
    }

    public Set<String> keys() {
        return byKey.keySet();
    }

    Dataset get(String key) {
        return find(key)
                .orElseThrow(
                        () -> new BadExtractException("dataset " + key + " is not configured here; known: " + keys()));
    }
}
