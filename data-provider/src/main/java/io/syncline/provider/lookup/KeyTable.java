package io.syncline.provider.lookup;

import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/**
 * Distinct texts and the place of each, in the order in which they came. To tell whether a text is here touches one word of
 * a dense array, and the text itself only where it is; of a map of 300,000 entries each step is a miss of the processor's
 * cache. Texts are spread by a number that nobody outside knows, so that none can be chosen to fall on each other.
 */
final class KeyTable {

    /** Odd, so that no bit of a text is lost. */
    private static final long MULTIPLIER = new SecureRandom().nextLong() | 1;

    private static final long PLACE = 0xFFFF_FFFFL;

    private final @Nullable String[] texts;

    /** The upper half of a text's hash above its place, counted from 1; 0 is free. */
    private final long[] slots;

    private int size;

    /** @param most texts that are ever added */
    KeyTable(int most) {
        texts = new @Nullable String[most];
        // At most two thirds are taken.
        slots = new long[Integer.highestOneBit(Math.max(1, most + most / 2)) * 2];
    }

    /** @return whether it was not here */
    boolean add(String text) {
        long hash = hash(text);
        int slot = slot(text, hash);
        if (slots[slot] != 0) {
            return false;
        }
        texts[size] = text;
        size++;
        slots[slot] = hash & ~PLACE | size;
        return true;
    }

    /** The text's place, counted from 0; -1 where it is not here. */
    int find(String text) {
        return (int) (slots[slot(text, hash(text))] & PLACE) - 1;
    }

    int size() {
        return size;
    }

    /** Where the text is, or would be put. */
    private int slot(String text, long hash) {
        int slot = (int) hash & slots.length - 1;
        while (slots[slot] != 0 && !isAt(slot, text, hash)) {
            slot = slot + 1 & slots.length - 1;
        }
        return slot;
    }

    private boolean isAt(int slot, String text, long hash) {
        long taken = slots[slot];
        return (taken ^ hash) >>> Integer.SIZE == 0 && text.equals(texts[(int) (taken & PLACE) - 1]);
    }

    private static long hash(String text) {
        long hash = 0;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash + text.charAt(i) + 1) * MULTIPLIER;
        }
        // The lower half, by which a slot is chosen, hangs on the lower bits of the characters alone.
        return hash ^ hash >>> Integer.SIZE;
    }
}
