package io.syncline.portal.platform;

import java.util.List;

/** What people see and change of their own account. Every method throws as those of {@link Platform}. */
public interface Account {

    /** Whether the person has a password here, and does not come from an identity provider. */
    boolean hasPassword();

    /** The person's sessions that stand, newest first. */
    List<SessionView> sessions();

    /** Returns what is wrong; nothing when the password is changed, which ends the person's other sessions. */
    List<String> changePassword(String currentPassword, String password);

    /** Shows the password again within the session; returns what is wrong, nothing when that counts as a sign-in of now. */
    List<String> signInAgain(String password);

    /** Ends one of the person's sessions; it may have ended already. */
    void endSession(String sessionId);
}
