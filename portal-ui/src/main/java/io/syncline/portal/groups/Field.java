package io.syncline.portal.groups;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * One member of the document in the form.
 *
 * @param pointer to the member; the name of the control is made of it
 * @param value as typed, or as it stands in the document
 * @param options of which one is chosen, or which are suggested
 * @param hint what is meant, and what holds without it
 * @param faults what the platform says of it
 */
record Field(
        String pointer,
        String label,
        FieldKind kind,
        String value,
        List<String> options,
        String hint,
        boolean isRequired,
        List<String> faults) {

    static final String PREFIX = "f";

    static String id(String pointer) {
        return "f" + pointer.replaceAll("[^A-Za-z0-9]+", "-");
    }

    public String id() {
        return id(pointer);
    }

    public String name() {
        return PREFIX + pointer;
    }

    public boolean isWrong() {
        return !faults.isEmpty();
    }

    /** What the control is described by. */
    public String describedBy() {
        return (hint.isEmpty() ? "" : id() + "-hint ") + id() + "-fault";
    }

    public boolean isChosen(String option) {
        return Arrays.stream(value.split(",")).map(String::strip).anyMatch(option::equals);
    }

    /** Chosen values that are none of the options stay choosable, so that saving the form loses nothing. */
    public List<String> allOptions() {
        var unknown = Arrays.stream(value.split(","))
                .map(String::strip)
                .filter(one -> !one.isEmpty() && !options.contains(one))
                .toList();
        return Stream.concat(options.stream(), unknown.stream()).toList();
    }
}
