package io.syncline.provider.dataset;

import java.util.ArrayList;
import java.util.List;

/** A row's id in a path: the key's columns with a comma between; a comma or tilde within one has a tilde before it. */
public final class RowId {

    private RowId() {}

    public static String write(List<String> parts) {
        return String.join(
                ",",
                parts.stream()
                        .map(part -> part.replace("~", "~~").replace(",", "~,"))
                        .toList());
    }

    /** A key of one column is taken as it is. */
    public static List<String> read(String id, int columns) {
        if (columns == 1) {
            return List.of(id);
        }
        var parts = new ArrayList<String>();
        var part = new StringBuilder();
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            if (c == '~' && i + 1 < id.length()) {
                part.append(id.charAt(++i));
            } else if (c == ',') {
                parts.add(part.toString());
                part.setLength(0);
            } else {
                part.append(c);
            }
        }
        parts.add(part.toString());
        return parts;
    }
}
