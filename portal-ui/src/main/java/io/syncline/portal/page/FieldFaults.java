package io.syncline.portal.page;

import io.syncline.portal.platform.PlatformException;
import io.syncline.portal.platform.Problem;
import io.syncline.portal.platform.Problem.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with a form, each with the field in which it is mended: told in a summary on top, which links to the
 * fields, and again beside each field.
 *
 * @param general what no field mends
 */
public record FieldFaults(List<Entry> entries, List<String> general) {

    public static final FieldFaults NONE = new FieldFaults(List.of(), List.of());

    public FieldFaults {
        entries = List.copyOf(entries);
        general = List.copyOf(general);
    }

    /** @param field the id of the field in the page */
    public record Entry(String field, String text) {}

    public static FieldFaults at(String field, String text) {
        return new FieldFaults(List.of(new Entry(field, text)), List.of());
    }

    public static FieldFaults general(String text) {
        return new FieldFaults(List.of(), List.of(text));
    }

    /** @param field of a pointer of the platform, the id of the field that holds it */
    public static FieldFaults of(PlatformException refusal, UnaryOperator<String> field) {
        return refusal.problem().errorsOrNone().isEmpty() ? general(refusal.words()) : of(refusal.problem(), field);
    }

    public static FieldFaults of(Problem problem, UnaryOperator<String> field) {
        if (problem.errorsOrNone().isEmpty()) {
            return general(problem.sentences().get(0));
        }
        return new FieldFaults(
                problem.errorsOrNone().stream()
                        .map(fault -> new Entry(field.apply(place(fault)), fault.sentence()))
                        .toList(),
                List.of());
    }

    public FieldFaults and(FieldFaults others) {
        var all = new ArrayList<>(entries);
        all.addAll(others.entries);
        var generals = new ArrayList<>(general);
        generals.addAll(others.general);
        return new FieldFaults(all, generals);
    }

    public boolean isEmpty() {
        return entries.isEmpty() && general.isEmpty();
    }

    public boolean has(String field) {
        return entries.stream().anyMatch(entry -> entry.field().equals(field));
    }

    /** What is wrong in this field, as one text; null when nothing is. */
    public @Nullable String of(String field) {
        var texts = entries.stream()
                .filter(entry -> entry.field().equals(field))
                .map(Entry::text)
                .toList();
        return texts.isEmpty() ? null : String.join(" ", texts);
    }

    private static String place(Fault fault) {
        var pointer = fault.pointer();
        return pointer == null ? "" : pointer;
    }
}
