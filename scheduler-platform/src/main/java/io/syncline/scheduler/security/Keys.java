package io.syncline.scheduler.security;

import java.util.regex.Pattern;

/** The rule for keys of configuration: a lower-case DNS label. */
final class Keys {

    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    private Keys() {}

    static boolean isKey(String text) {
        return LABEL.matcher(text).matches();
    }
}
