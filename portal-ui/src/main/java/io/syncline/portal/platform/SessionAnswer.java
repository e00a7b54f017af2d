package io.syncline.portal.platform;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A session as the platform answers it when it opens or refreshes one.
 *
 * @param expiresIn seconds of life of the access token
 * @param refreshExpiresIn seconds in which the refresh token must be used
 */
record SessionAnswer(
        String accessToken,
        long expiresIn,
        String refreshToken,
        long refreshExpiresIn,
        String user,
        @Nullable String name,
        @Nullable List<String> roles,
        @Nullable List<String> labels,
        @Nullable Set<String> scopes) {

    boolean isWhole() {
        return accessToken != null && refreshToken != null && user != null && expiresIn > 0;
    }

    Person person() {
        return new Person(
                user,
                name == null ? user : name,
                roles == null ? List.of() : roles,
                labels == null ? List.of() : labels,
                scopes == null ? Set.of() : scopes);
    }

    @Override
    public String toString() {
        return "SessionAnswer[" + user + "]";
    }
}
