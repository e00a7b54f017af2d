package io.syncline.portal.groups;

import io.syncline.portal.platform.ApiAnswer;

/** A change that the platform keeps until a second person approves it. */
final class PendingChange {

    private PendingChange() {}

    static String words(ApiAnswer answer) {
        var id = Words.text(Documents.ofJson(answer.text()), "/changeId");
        return "Nothing has changed yet: a second person must approve it%s."
                .formatted(id == null ? "" : ", as change " + id);
    }
}
