package io.syncline.migrations;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/** Says how two sets of tables differ, in sentences. */
final class VendorComparison {

    private VendorComparison() {}

    static List<String> differences(
            String oneName,
            SortedMap<String, SortedSet<String>> one,
            String otherName,
            SortedMap<String, SortedSet<String>> other) {
        var differences = new ArrayList<String>();
        var tables = new TreeSet<>(one.keySet());
        tables.addAll(other.keySet());
        for (var table : tables) {
            var left = one.get(table);
            var right = other.get(table);
            if (left == null || right == null) {
                differences.add("table " + table + " is missing on " + (left == null ? oneName : otherName));
            } else {
                missing(table, left, right, otherName, differences);
                missing(table, right, left, oneName, differences);
            }
        }
        return differences;
    }

    private static void missing(
            String table, SortedSet<String> wanted, SortedSet<String> present, String where, List<String> differences) {
        for (var column : wanted) {
            if (!present.contains(column)) {
                differences.add("column " + table + "." + column + " is missing on " + where);
            }
        }
    }
}
