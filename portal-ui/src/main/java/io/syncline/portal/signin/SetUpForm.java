package io.syncline.portal.signin;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The set-up page as it was filled in.
 *
 * @param first {@code true} for the first administrator of a new platform
 */
record SetUpForm(
        @Nullable String first,
        @Nullable String code,
        @Nullable String user,
        @Nullable String fullName,
        @Nullable String password,
        @Nullable String repeated) {

    static final SetUpForm EMPTY = new SetUpForm(null, null, null, null, null, null);

    SetUpForm {
        code = code == null ? "" : code.strip();
        user = user == null ? "" : user.strip();
        fullName = fullName == null ? "" : fullName.strip();
        password = password == null ? "" : password;
        repeated = repeated == null ? "" : repeated;
    }

    @Override
    public String code() {
        return text(code);
    }

    @Override
    public String user() {
        return text(user);
    }

    @Override
    public String fullName() {
        return text(fullName);
    }

    @Override
    public String password() {
        return text(password);
    }

    public boolean isFirst() {
        return "true".equals(first);
    }

    /** What can be told without asking the platform. */
    List<String> faults() {
        var faults = new ArrayList<String>();
        if (code().isEmpty()) {
            faults.add("The code is missing.");
        }
        if (user().isEmpty()) {
            faults.add("The name is missing.");
        }
        if (isFirst() && fullName().isEmpty()) {
            faults.add("The full name is missing.");
        }
        if (password().isEmpty()) {
            faults.add("The password is missing.");
        } else if (!password().equals(repeated)) {
            faults.add("The two passwords differ.");
        }
        return faults;
    }

    private static String text(@Nullable String held) {
        return held == null ? "" : held;
    }

    @Override
    public String toString() {
        return "SetUpForm[user=" + user + "]";
    }
}
