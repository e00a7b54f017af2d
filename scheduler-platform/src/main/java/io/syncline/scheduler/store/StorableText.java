package io.syncline.scheduler.store;

/** Which texts every database gives back as they were put in. */
public final class StorableText {

    private StorableText() {}

    /** No NUL, and no half of a surrogate pair, which has no form in UTF-8. */
    public static boolean is(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\0' || Character.isLowSurrogate(c)) {
                return false;
            }
            if (Character.isHighSurrogate(c) && (++i == text.length() || !Character.isLowSurrogate(text.charAt(i)))) {
                return false;
            }
        }
        return true;
    }
}
