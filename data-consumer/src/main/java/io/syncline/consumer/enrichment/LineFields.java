package io.syncline.consumer.enrichment;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Cuts one line into its fields, by the rules of RFC 4180 but never across a line end. */
final class LineFields {

    private LineFields() {}

    /** The fields without their quotes, or null when a quote is not closed or text stands behind a closing one. */
    static @Nullable List<String> of(String line) {
        var fields = new ArrayList<String>();
        int at = 0;
        while (true) {
            if (at < line.length() && line.charAt(at) == '"') {
                var field = new StringBuilder();
                at = quoted(line, at + 1, field);
                if (at < 0) {
                    return null;
                }
                fields.add(field.toString());
            } else {
                int comma = line.indexOf(',', at);
                int end = comma < 0 ? line.length() : comma;
                fields.add(line.substring(at, end));
                at = end;
            }
            if (at == line.length()) {
                return fields;
            }
            at++; // the comma
        }
    }

    /** Where the text behind the closing quote goes on, a comma or the end of the line; -1 when it is neither. */
    private static int quoted(String line, int from, StringBuilder field) {
        int at = from;
        while (at < line.length()) {
            char c = line.charAt(at++);
            if (c != '"') {
                field.append(c);
            } else if (at < line.length() && line.charAt(at) == '"') {
                field.append('"');
                at++;
            } else {
                return at == line.length() || line.charAt(at) == ',' ? at : -1;
            }
        }
        return -1;
    }
}
