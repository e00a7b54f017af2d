package io.syncline.scheduler.security;

import org.jspecify.annotations.Nullable;

/**
 * Published in the transaction of every change to who may get in, and of every try to get in; never with a secret.
 *
 * @param actor who did it; the account's own key when a person did it to their own
 * @param action such as put, delete, sign-in, sign-in-refused, sign-out
 * @param kind user or session
 * @param before as it was, for answers in JSON; null when there was none
 * @param after as it is; null when there is none
 */
public record SecurityChanged(
        String actor,
        String action,
        String kind,
        String key,
        @Nullable String reason,
        @Nullable Object before,
        @Nullable Object after) {

    static SecurityChanged of(String actor, String action, String kind, String key) {
        return new SecurityChanged(actor, action, kind, key, null, null, null);
    }

    SecurityChanged because(@Nullable String why) {
        return new SecurityChanged(actor, action, kind, key, why, before, after);
    }

    SecurityChanged from(@Nullable Object was, @Nullable Object is) {
        return new SecurityChanged(actor, action, kind, key, reason, was, is);
    }
}
