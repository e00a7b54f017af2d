package io.syncline.provider.lookup;

import io.syncline.provider.dataset.Dataset;
import io.syncline.provider.dataset.RowId;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The distinct ids of a look-up, which of them the database can be asked for, and which were found. */
final class AskedKeys {

    private static final int LONGEST = 4_000;

    private final List<String> ids;
    private final KeyTable places;
    private final List<Object[]> comparable;
    private final BitSet found;

    private AskedKeys(int most) {
        this.ids = new ArrayList<>(most);
        this.places = new KeyTable(most);
        this.comparable = new ArrayList<>(most);
        this.found = new BitSet(most);
    }

    /**
     * Reads ids as keys of a dataset. Two writings of one key, such as 7 and 7.0 of a number, are one id.
     *
     * @throws io.syncline.provider.problem.ProblemException 400 with the places of ids that cannot be keys
     */
    static AskedKeys of(Dataset dataset, List<String> ids) {
        var keys = new AskedKeys(ids.size());
        var flaws = new Flaws();
        for (int i = 0; i < ids.size(); i++) {
            keys.add(dataset, ids.get(i), i, flaws);
        }
        flaws.refuse();
        return keys;
    }

    private void add(Dataset dataset, String id, int index, Flaws flaws) {
        if (id.isEmpty() || id.length() > LONGEST) {
            flaws.add(index, "an id has 1 to " + LONGEST + " characters", "length");
            return;
        }
        if (!isStorable(id)) {
            flaws.add(index, "has a character that no text in a database has", "character");
            return;
        }
        var columns = dataset.key();
        var parts = RowId.read(id, columns.size());
        if (parts.size() != columns.size()) {
            flaws.add(
                    index,
                    "has " + parts.size() + " parts; the key is " + String.join(",", dataset.keyNames()),
                    "parts");
            return;
        }
        var canonical = new ArrayList<String>(parts.size());
        var key = new Object[parts.size()];
        boolean possible = true;
        for (int i = 0; i < key.length; i++) {
            var column = columns.get(i);
            try {
                var content = column.comparable(parts.get(i));
                possible &= content.isPresent();
                key[i] = content.orElse("");
                canonical.add(column.type().canonical(parts.get(i)));
            } catch (IllegalArgumentException wrong) {
                flaws.add(index, column.name() + ": " + wrong.getMessage(), "type");
                return;
            }
        }
        var text = key.length == 1 ? canonical.get(0) : RowId.write(canonical);
        if (places.add(text)) {
            ids.add(id);
            if (possible) {
                comparable.add(key);
            }
        }
    }

    private static boolean isStorable(String id) {
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            if (c == 0) {
                return false;
            }
            if (Character.isSurrogate(c)) {
                if (!Character.isHighSurrogate(c) || ++i == id.length() || !Character.isLowSurrogate(id.charAt(i))) {
                    return false;
                }
            }
        }
        return true;
    }

    int size() {
        return ids.size();
    }

    /** The keys that the table can hold. */
    List<Object[]> comparable() {
        return comparable;
    }

    /** @return whether this key was asked for and is found for the first time */
    boolean find(String key) {
        int place = places.find(key);
        if (place < 0 || found.get(place)) {
            return false;
        }
        found.set(place);
        return true;
    }

    /** The ids without a row, as they were first written, in the order in which they first came. */
    Stream<String> notFound() {
        return IntStream.range(0, ids.size()).filter(place -> !found.get(place)).mapToObj(ids::get);
    }
}
