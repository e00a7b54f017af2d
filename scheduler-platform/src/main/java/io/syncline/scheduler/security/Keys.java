package io.syncline.scheduler.security;

import java.util.Set;
import java.util.regex.Pattern;

/** The rule for keys of configuration: a lower-case DNS label. */
final class Keys {

    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    private Keys() {}

    /** Names that the audit trail gives to callers that are nobody's account. */
    private static final Set<String> RESERVED = Set.of("syncline", "callback", "unknown");

    static boolean isReserved(String key) {
        return RESERVED.contains(key);
    }

    static boolean isKey(String text) {
        return LABEL.matcher(text).matches();
    }
}
