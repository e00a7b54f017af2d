package io.syncline.portal.page;

import io.syncline.portal.platform.PlatformException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What is wrong with a form that was sent: sentences for its top, each with the field that it is about. */
public record FormFaults(List<Fault> all) {

    public static final FormFaults NONE = new FormFaults(List.of());

    public FormFaults {
        all = List.copyOf(all);
    }

    /** @param field id of the field; null: it is about the form as a whole */
    public record Fault(@Nullable String field, String text) {}

    /** A refusal of the platform; {@code fieldOf} knows the field that a pointer of the body came from. */
    public static FormFaults of(PlatformException refusal, Function<String, @Nullable String> fieldOf) {
        var faults = new ArrayList<Fault>();
        for (var error : refusal.problem().errorsOrNone()) {
            var pointer = error.pointer();
            faults.add(new Fault(pointer == null ? null : fieldOf.apply(pointer), error.sentence()));
        }
        return faults.isEmpty() ? about(null, refusal.words()) : new FormFaults(faults);
    }

    public static FormFaults about(@Nullable String field, String text) {
        return new FormFaults(List.of(new Fault(field, text)));
    }

    public boolean isEmpty() {
        return all.isEmpty();
    }

    public boolean has(String field) {
        return all.stream().anyMatch(fault -> field.equals(fault.field()));
    }
}
