package io.syncline.portal.groups;

import io.syncline.portal.platform.PlatformException;
import java.util.List;

/**
 * What is wrong in a form.
 *
 * @param id of the field; empty: it is about the whole
 */
record FormFault(String id, String words) {

    /** What the platform found, at the fields named like the members that it names. */
    static List<FormFault> of(PlatformException refusal) {
        var errors = refusal.problem().errorsOrNone();
        if (errors.isEmpty()) {
            return List.of(new FormFault("", refusal.words()));
        }
        return errors.stream()
                .map(error -> new FormFault(
                        error.pointer() == null
                                ? ""
                                : error.pointer().replaceFirst("^/", "").replaceAll("/.*", ""),
                        error.sentence()))
                .toList();
    }
}
