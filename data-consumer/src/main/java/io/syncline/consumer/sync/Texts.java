package io.syncline.consumer.sync;

import org.jspecify.annotations.Nullable;

/** Text that must fit a column of every database, whatever a provider has put into it. */
final class Texts {

    private static final int MAX = 1000; // of 2000: on Oracle a column is bounded in bytes as well
    private static final char REPLACEMENT = '\uFFFD';

    private Texts() {}

    /** At most 1,000 characters, without control characters, of which PostgreSQL refuses NUL, and without half pairs. */
    static @Nullable String storable(@Nullable String text) {
        if (text == null) {
            return null;
        }
        var storable = new StringBuilder(Math.min(text.length(), MAX));
        for (int i = 0; i < text.length(); ) {
            int character = text.codePointAt(i);
            i += Character.charCount(character);
            if (storable.length() + Character.charCount(character) >= MAX && i < text.length()) {
                return storable.append('…').toString();
            }
            boolean harmless = !Character.isISOControl(character)
                    && !(Character.isBmpCodePoint(character) && Character.isSurrogate((char) character));
            storable.appendCodePoint(harmless ? character : REPLACEMENT);
        }
        return storable.toString();
    }
}
