package io.syncline.portal.page;

import io.syncline.portal.platform.ApiAnswer;

/** Tells a change that was made from one that the platform keeps until a second person has approved it. */
public final class Proposed {

    private static final int ACCEPTED = 202;
    private static final String CHANGES = "/api/v1/changes/";

    private Proposed() {}

    public static boolean is(ApiAnswer answer) {
        var location = answer.location();
        return answer.status() == ACCEPTED && location != null && location.startsWith(CHANGES);
    }

    /** What a notice says after the change. */
    public static String or(ApiAnswer answer, String done) {
        var location = answer.location();
        return is(answer) && location != null
                ? "Nothing is changed yet: somebody else has to approve it, as change "
                        + location.substring(CHANGES.length()) + "."
                : done;
    }
}
