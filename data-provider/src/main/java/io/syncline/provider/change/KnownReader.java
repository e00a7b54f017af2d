package io.syncline.provider.change;

import java.util.Map;

/**
 * Reads the logs and keeps its places where they are seen: what it has not read is kept longer, and how old that is is told.
 * A reader of the feed keeps its cursor to itself and is none.
 */
public interface KnownReader {

    /** Short and always the same: a label of meters. */
    String name();

    /** For each dataset that it reads, the number of the last change that it has; of several readers, the least. */
    Map<String, Long> places();
}
