package io.syncline.consumer.sync;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Datasets that say nothing beyond their names. */
final class Plain {

    private Plain() {}

    static Dataset dataset(String key, String table) {
        return new Dataset(key, null, table, "id", StandardCharsets.UTF_8, List.of(), false);
    }
}
