package io.syncline.scheduler.catalog;

import org.jspecify.annotations.Nullable;

/**
 * How the platform proves itself to a downstream.
 *
 * @param credential the name of a credential of the system, for the types that need one
 */
public record Auth(AuthType type, @Nullable String credential) {

    public static final Auth OF_SYSTEM = new Auth(AuthType.OF_SYSTEM, null);
    public static final Auth NONE = new Auth(AuthType.NONE, null);
    public static final Auth PLATFORM_JWT = new Auth(AuthType.PLATFORM_JWT, null);
}
