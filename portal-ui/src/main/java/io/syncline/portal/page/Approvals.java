package io.syncline.portal.page;

import io.syncline.portal.platform.ApiAnswer;

/** Tells a change that was made from one that the platform keeps until a second person has approved it. */
public final class Approvals {

    private static final int KEPT = 202;
    private static final String CHANGES = "/api/v1/changes/";

    private Approvals() {}

    public static boolean isWaiting(ApiAnswer answer) {
        return answer.status() == KEPT;
    }

    /** What to say of a change: that it is done, or that it waits, and as which. */
    public static String words(ApiAnswer answer, String done) {
        if (!isWaiting(answer)) {
            return done;
        }
        var location = answer.location();
        return "Nothing is changed yet: it waits for a second person, under Settings, Pending changes"
                + (location != null && location.startsWith(CHANGES)
                        ? ", as change " + location.substring(CHANGES.length()) + "."
                        : ".");
    }
}
