package io.syncline.portal.groups;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Two texts beside each other, line by line, along their longest common subsequence. */
final class LineDiff {

    /** Beyond so many pairs of lines the texts stand beside each other as they are. */
    private static final long MOST_PAIRS = 4_000_000;

    /**
     * A pair of lines.
     *
     * @param word same, changed, added or removed
     * @param before null: there is none on this side
     */
    record Line(
            String word, @Nullable String before, @Nullable String after) {}

    private LineDiff() {}

    static List<Line> between(String before, String after) {
        var old = before.lines().toList();
        var anew = after.lines().toList();
        var pairs = (long) old.size() * anew.size() > MOST_PAIRS ? List.<int[]>of() : common(old, anew);
        var lines = new ArrayList<Line>();
        int i = 0;
        int j = 0;
        for (var pair : pairs) {
            differing(lines, old.subList(i, pair[0]), anew.subList(j, pair[1]));
            lines.add(new Line("same", old.get(pair[0]), anew.get(pair[1])));
            i = pair[0] + 1;
            j = pair[1] + 1;
        }
        differing(lines, old.subList(i, old.size()), anew.subList(j, anew.size()));
        return lines;
    }

    private static void differing(List<Line> lines, List<String> old, List<String> anew) {
        for (int i = 0; i < Math.max(old.size(), anew.size()); i++) {
            var before = i < old.size() ? old.get(i) : null;
            var after = i < anew.size() ? anew.get(i) : null;
            lines.add(new Line(before == null ? "added" : after == null ? "removed" : "changed", before, after));
        }
    }

    /** Places of equal lines, in order. */
    private static List<int[]> common(List<String> old, List<String> anew) {
        var longest = new int[old.size() + 1][anew.size() + 1];
        for (int i = old.size() - 1; i >= 0; i--) {
            for (int j = anew.size() - 1; j >= 0; j--) {
                longest[i][j] = old.get(i).equals(anew.get(j))
                        ? longest[i + 1][j + 1] + 1
                        : Math.max(longest[i + 1][j], longest[i][j + 1]);
            }
        }
        var pairs = new ArrayList<int[]>();
        int i = 0;
        int j = 0;
        while (i < old.size() && j < anew.size()) {
            if (old.get(i).equals(anew.get(j))) {
                pairs.add(new int[] {i++, j++});
            } else if (longest[i + 1][j] >= longest[i][j + 1]) {
                i++;
            } else {
                j++;
            }
        }
        return Collections.unmodifiableList(pairs);
    }
}
