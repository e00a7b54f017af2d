package io.syncline.consumer.sync;

import org.jspecify.annotations.Nullable;

/** Text that must fit a column. */
final class Texts {

    private static final int MAX = 1000; // of 2000: on Oracle a column is bounded in bytes as well

    private Texts() {}

    static @Nullable String bounded(@Nullable String text) {
        return text == null || text.length() <= MAX ? text : text.substring(0, MAX - 1) + "…";
    }
}
