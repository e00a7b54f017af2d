package io.syncline.portal.page;

import io.syncline.portal.platform.ApiAnswer;

/** Changes that the platform keeps until a second person has looked at them. */
public final class Approvals {

    private static final int KEPT = 202;

    private Approvals() {}

    public static boolean isWaiting(ApiAnswer answer) {
        return answer.status() == KEPT;
    }

    /** What to say of a change: that it is done, or that it waits. */
    public static String words(ApiAnswer answer, String done) {
        return isWaiting(answer)
                ? "Nothing is changed yet: it waits for a second person, under Settings, Pending changes."
                : done;
    }
}
