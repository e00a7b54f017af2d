package io.syncline.portal.settings;

import io.syncline.portal.page.Moment;
import io.syncline.portal.page.Moments;
import io.syncline.portal.page.StateMark;
import org.jspecify.annotations.Nullable;

/** A person as a row of the list, and as the head of the own page. */
record UserRow(
        String key,
        String name,
        @Nullable String email,
        StateMark mark,
        String roles,
        String labels,
        String signsInBy,
        @Nullable Moment lastSignIn,
        @Nullable Moment created,
        boolean canReset) {

    static UserRow of(UserView user, Moments moments) {
        var external = user.external();
        return new UserRow(
                user.key(),
                user.name(),
                user.email(),
                mark(user),
                user.roles().isEmpty() ? "no role" : String.join(", ", user.roles()),
                user.labels().contains("*") ? "all groups" : String.join(", ", user.labels()),
                external == null ? "password" : "issuer " + external.issuer(),
                moments.orNull(user.lastSignInAt()),
                moments.orNull(user.createdAt()),
                external == null);
    }

    private static StateMark mark(UserView user) {
        if (!user.enabled()) {
            return new StateMark("barred-ring", "DISABLED", "neutral");
        }
        return user.hasPassword() || user.external() != null
                ? new StateMark("tick", "ACTIVE", "success")
                : new StateMark("ring", "NO PASSWORD YET", "attention");
    }
}
