package io.syncline.portal.page;

import io.syncline.portal.platform.PlatformException;
import io.syncline.portal.platform.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with a form that was sent, each with the field in which it is mended: told in a summary on top, which links to
 * the fields, and where a page has room for it again beside each field.
 */
public record FormFaults(List<Fault> all) {

    public static final FormFaults NONE = new FormFaults(List.of());

    public FormFaults {
        all = List.copyOf(all);
    }

    /** @param field id of the field in the page; null: no field mends it */
    public record Fault(@Nullable String field, String text) {}

    public static FormFaults about(@Nullable String field, String text) {
        return new FormFaults(List.of(new Fault(field, text)));
    }

    /**
     * A refusal of the platform.
     *
     * @param fieldOf the field that a pointer of the body came from; of an empty one, where the platform names none
     */
    public static FormFaults of(PlatformException refusal, Function<String, @Nullable String> fieldOf) {
        return refusal.problem().errorsOrNone().isEmpty()
                ? about(null, refusal.words())
                : of(refusal.problem(), fieldOf);
    }

    /** As {@link #of(PlatformException, Function)}. */
    public static FormFaults of(Problem problem, Function<String, @Nullable String> fieldOf) {
        if (problem.errorsOrNone().isEmpty()) {
            return about(null, problem.sentences().get(0));
        }
        return new FormFaults(problem.errorsOrNone().stream()
                .map(error -> new Fault(fieldOf.apply(pointer(error)), error.sentence()))
                .toList());
    }

    private static String pointer(Problem.Fault error) {
        var pointer = error.pointer();
        return pointer == null ? "" : pointer;
    }

    public FormFaults and(FormFaults others) {
        var both = new ArrayList<>(all);
        both.addAll(others.all);
        return new FormFaults(both);
    }

    public boolean isEmpty() {
        return all.isEmpty();
    }

    public boolean has(String field) {
        return all.stream().anyMatch(fault -> field.equals(fault.field()));
    }

    /** What is wrong in this field, as one text; null when nothing is. */
    public @Nullable String of(String field) {
        var texts = all.stream()
                .filter(fault -> field.equals(fault.field()))
                .map(Fault::text)
                .toList();
        return texts.isEmpty() ? null : String.join(" ", texts);
    }
}
