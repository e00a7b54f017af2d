package io.syncline.provider.dataset;

import java.util.Locale;
import java.util.regex.Pattern;

/** The names that a configuration may use, and how a wire name becomes a column name. */
final class SqlNames {

    private static final Pattern DATASET = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
    private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z][A-Za-z0-9_]{0,62}");
    private static final Pattern HUMP = Pattern.compile("([a-z0-9])([A-Z])");

    private SqlNames() {}

    static boolean isDatasetName(String name) {
        return DATASET.matcher(name).matches();
    }

    static boolean isIdentifier(String name) {
        return IDENTIFIER.matcher(name).matches();
    }

    /** {@code le_heading_degT} becomes {@code le_heading_deg_t}, {@code customerID} becomes {@code customer_id}. */
    static String ofWireName(String name) {
        return HUMP.matcher(name).replaceAll("$1_$2").toLowerCase(Locale.ROOT);
    }

    static String quoted(String name) {
        if (!isIdentifier(name)) {
            throw new IllegalArgumentException("Not a name of a table or column: " + name);
        }
        return '"' + name + '"';
    }
}
