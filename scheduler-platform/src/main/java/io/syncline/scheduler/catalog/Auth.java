package io.syncline.scheduler.catalog;

import io.syncline.scheduler.security.TokenShape;
import org.jspecify.annotations.Nullable;

/**
 * How the platform proves itself to a downstream.
 *
 * @param credential the name of a credential of the system, for the types that need one
 * @param token what the document says of the platform's token; null: the standard one
 */
public record Auth(
        AuthType type,
        @Nullable String credential,
        @Nullable TokenShape token) {

    public static final Auth OF_SYSTEM = new Auth(AuthType.OF_SYSTEM, null);
    public static final Auth NONE = new Auth(AuthType.NONE, null);
    public static final Auth PLATFORM_JWT = new Auth(AuthType.PLATFORM_JWT, null);

    public Auth(AuthType type, @Nullable String credential) {
        this(type, credential, null);
    }
}
