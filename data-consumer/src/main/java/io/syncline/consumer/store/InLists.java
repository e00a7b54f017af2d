package io.syncline.consumer.store;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Cuts keys into lists of few different lengths, so that few different statements are prepared. */
public final class InLists {

    private static final int[] LENGTHS = {1, 10, 100, 500};

    private InLists() {}

    /** Lists that together hold all keys; a list's last key may stand in it several times. */
    public static List<List<String>> of(List<String> keys) {
        var lists = new ArrayList<List<String>>();
        int longest = LENGTHS[LENGTHS.length - 1];
        for (int from = 0; from < keys.size(); from += longest) {
            var list = new ArrayList<>(keys.subList(from, Math.min(keys.size(), from + longest)));
            list.addAll(Collections.nCopies(length(list.size()) - list.size(), list.get(list.size() - 1)));
            lists.add(list);
        }
        return lists;
    }

    public static String marks(List<String> list) {
        return String.join(", ", Collections.nCopies(list.size(), "?"));
    }

    private static int length(int keys) {
        for (int length : LENGTHS) {
            if (length >= keys) {
                return length;
            }
        }
        throw new IllegalArgumentException("a list is longer than the longest: " + keys);
    }
}
