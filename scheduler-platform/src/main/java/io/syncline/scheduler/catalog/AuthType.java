package io.syncline.scheduler.catalog;

import java.util.Locale;
import java.util.Optional;

/** The kinds of authentication that a document may name; the wire spelling is the lower-case one with hyphens. */
public enum AuthType {
    /** Not written in documents: whatever the system's own setting is at the time of the call. */
    OF_SYSTEM,
    NONE,
    PLATFORM_JWT,
    OAUTH2_CLIENT_CREDENTIALS,
    BASIC,
    API_KEY,
    MTLS;

    public String wire() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Optional<AuthType> ofWire(String text) {
        for (AuthType type : values()) {
            if (type != OF_SYSTEM && type.wire().equals(text)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    /** Whether it is named together with a credential of the system. */
    public boolean needsCredential() {
        return this == OAUTH2_CLIENT_CREDENTIALS || this == BASIC || this == API_KEY || this == MTLS;
    }
}
