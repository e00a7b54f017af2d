package io.syncline.portal.groups;

import io.syncline.portal.platform.PlatformException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** What is wrong with a document, each at the member that it is about. */
record Faults(List<Fault> all) {

    static final Faults NONE = new Faults(List.of());

    /** @param pointer into the document; empty: it is about the whole */
    record Fault(String pointer, String words) {}

    Faults {
        all = List.copyOf(all);
    }

    static Faults at(String pointer, String words) {
        return new Faults(List.of(new Fault(pointer, words)));
    }

    /** Of a document that was sent alone. */
    static Faults of(PlatformException refusal) {
        return of(refusal, "");
    }

    /** Of the only document of a plan: pointers begin with its place, and words with its name. */
    static Faults ofPlan(PlatformException refusal) {
        return of(refusal, "/0");
    }

    private static Faults of(PlatformException refusal, String before) {
        var errors = refusal.problem().errorsOrNone();
        if (errors.isEmpty()) {
            return at("", refusal.words());
        }
        return new Faults(errors.stream()
                .map(error -> {
                    var pointer = error.pointer() == null ? "" : error.pointer();
                    var within = pointer.equals(before) || pointer.startsWith(before + "/");
                    var detail = error.detail() == null ? "is wrong" : error.detail();
                    return new Fault(
                            within ? pointer.substring(before.length()) : pointer,
                            before.isEmpty() ? detail : detail.replaceFirst("^TaskGroup [^ :]*: ", ""));
                })
                .toList());
    }

    Faults and(Faults others) {
        var both = new ArrayList<>(all);
        others.all.stream().filter(fault -> !both.contains(fault)).forEach(both::add);
        return new Faults(both);
    }

    public boolean isEmpty() {
        return all.isEmpty();
    }

    List<String> at(String pointer) {
        return all.stream()
                .filter(fault -> isOf(fault.pointer(), pointer))
                .map(Fault::words)
                .toList();
    }

    /** Of a member, or of an element of a list that the form shows as one field. */
    private static boolean isOf(String fault, String pointer) {
        return fault.equals(pointer)
                || (fault.startsWith(pointer + "/")
                        && (FieldKind.of(pointer) == FieldKind.LIST
                                || FieldKind.of(pointer) == FieldKind.CHOICES
                                || FieldKind.of(pointer) == FieldKind.STRUCTURE)
                        && !pointer.isEmpty());
    }

    /** Each with the name of its field and the id of the control that is about it, or of the section or the YAML. */
    List<Line> lines(GroupForm form, JsonNode document) {
        var fields = form.sections().stream()
                .flatMap(section -> Stream.concat(
                        section.fields().stream(),
                        section.lists().stream()
                                .flatMap(list -> list.items().stream())
                                .flatMap(item -> Stream.concat(item.fields().stream(), item.more().stream()))))
                .map(Field::pointer)
                .toList();
        return all.stream()
                .map(fault -> new Line(
                        ChangeRow.fieldName(fault.pointer(), document),
                        fault.words(),
                        fields.stream()
                                .filter(pointer -> isOf(fault.pointer(), pointer))
                                .findFirst()
                                .map(Field::id)
                                .orElse(place(fault.pointer(), form))))
                .toList();
    }

    /** Where something stands that no field is about: its element, else the text of the document. */
    private static String place(String pointer, GroupForm form) {
        return form.sections().stream()
                .flatMap(section -> section.lists().stream())
                .flatMap(list -> list.items().stream())
                .filter(item -> pointer.equals(item.pointer()) || pointer.startsWith(item.pointer() + "/"))
                .findFirst()
                .map(GroupForm.Item::id)
                .orElse("document");
    }

    record Line(String field, String words, String id) {}
}
