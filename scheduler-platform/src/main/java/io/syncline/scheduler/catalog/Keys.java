package io.syncline.scheduler.catalog;

import java.util.regex.Pattern;

/** The stable names of configuration: lower-case DNS labels. */
final class Keys {

    static final String RULE =
            "must be a lower-case DNS label: letters, digits and hyphens, at most 63, " + "no hyphen at either end";

    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    private Keys() {}

    static boolean valid(String key) {
        return LABEL.matcher(key).matches();
    }
}
