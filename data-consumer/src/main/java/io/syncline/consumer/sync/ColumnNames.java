package io.syncline.consumer.sync;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * From a header cell to a column: a hump becomes {@code _}, then lower case, everything but letters and digits becomes
 * {@code _}, and a word that SQL reserves gets the prefix {@code c_}. So {@code le_heading_degT} is
 * {@code le_heading_deg_t}, as the provider's tables have it; applying the rule twice changes nothing.
 */
final class ColumnNames {

    private static final Pattern HUMP = Pattern.compile("([a-z0-9])([A-Z])");

    // Words that PostgreSQL, Oracle or H2 do not take as a column name.
    private static final Set<String> RESERVED = Set.of("""
            access add all alter and any array as asc audit begin between by case cast char check cluster column comment
            compress connect constraint create cross current current_date current_timestamp date day decimal default
            delete desc distinct drop else end except exclusive exists false fetch file first float for foreign from
            full grant group having hour identified if immediate in increment index initial inner insert integer
            intersect interval into is join key left level like limit lock long maxextents minus minute mode month
            natural noaudit nocompress not nowait null number of offline offset on online only option or order outer
            pctfree primary prior privileges public raw references rename resource right row rowid rownum rows second
            select session set share size smallint start successful synonym sysdate table then timestamp to trigger
            true uid union unique update user using validate value values varchar varchar2 view when whenever where
            window with year""".strip().split("\\s+"));

    private ColumnNames() {}

    static String of(String header) {
        var words = HUMP.matcher(header.strip()).replaceAll("$1_$2");
        var name = words.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "_");
        if (name.isEmpty() || Character.isDigit(name.charAt(0)) || RESERVED.contains(name)) {
            return "c_" + name;
        }
        return name;
    }

    /** @throws BadExtractException when two headers become one column */
    static List<String> of(List<String> headers) {
        var names = headers.stream().map(ColumnNames::of).toList();
        if (new HashSet<>(names).size() != names.size()) {
            throw new BadExtractException("two columns of the extract become one: " + names);
        }
        return names;
    }
}
