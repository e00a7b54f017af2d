package io.syncline.portal.settings;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The account of a person as the platform answers it.
 *
 * @param scopes named besides those that come with the roles
 * @param setUpCode in the one answer that holds it
 */
record UserView(
        String key,
        String name,
        @Nullable String email,
        List<String> roles,
        List<String> labels,
        List<String> scopes,
        boolean enabled,
        @Nullable External external,
        boolean hasPassword,
        @Nullable Instant createdAt,
        @Nullable Instant updatedAt,
        @Nullable Instant lastSignInAt,
        @Nullable String setUpCode,
        @Nullable Long setUpCodeExpiresIn) {

    record External(String issuer, String subject) {}

    /** A page of them. */
    record Part(List<UserView> items, @Nullable String nextCursor) {}

    @Override
    public String toString() {
        return "UserView[" + key + "]";
    }
}
