package io.syncline.scheduler.catalog;

import java.util.regex.Pattern;

/** Checks templates such as {@code /extracts/{id}?day={data.day}}. */
final class VerificationPath {

    static final String RULE = "must be a path at the system that starts with '/', percent-encoded where needed; "
            + "places in braces are {id}, {subject} or {data.member}";

    private static final Pattern PLACE = Pattern.compile("\\{(id|subject|data(\\.[A-Za-z0-9_-]+)+)}");

    private VerificationPath() {}

    static boolean valid(String template) {
        String filled = PLACE.matcher(template).replaceAll("x");
        return filled.startsWith("/") && filled.indexOf('#') < 0 && TaskGroupDocument.readable(filled);
    }
}
