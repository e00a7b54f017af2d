package io.syncline.portal.clients;

import io.syncline.portal.page.Moment;
import io.syncline.portal.page.Moments;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A client as a row of the list.
 *
 * @param ends in words, when that is past or near
 */
record ClientRow(
        String key,
        @Nullable String system,
        List<String> scopes,
        String proof,
        boolean hasSecret,
        @Nullable Moment created,
        @Nullable Moment used,
        @Nullable Moment expires,
        @Nullable String ends) {

    private static final Duration NEAR = Duration.ofDays(14);

    static ClientRow of(ClientView client, Moments moments) {
        return new ClientRow(
                client.clientId(),
                client.system(),
                client.scopesOrNone(),
                client.proof(),
                client.hasSecret(),
                moments.orNull(client.createdAt()),
                moments.orNull(client.lastUsedAt()),
                moments.orNull(client.expiresAt()),
                ends(client, moments));
    }

    private static @Nullable String ends(ClientView client, Moments moments) {
        var end = client.expiresAt();
        if (end == null) {
            return null;
        }
        return !end.isAfter(moments.now())
                ? "has ended"
                : end.isBefore(moments.now().plus(NEAR)) ? "ends soon" : null;
    }
}
