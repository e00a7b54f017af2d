package io.syncline.scheduler.catalog;

import java.util.regex.Pattern;

/** Checks templates such as {@code {data.day}-{subject}}. */
final class BusinessKeyTemplate {

    static final String RULE =
            "places in braces must be {subject}, {id}, {source}, {type} or {data.member}, and there must be at least one";

    private static final String PLACE = "\\{(subject|id|source|type|data(\\.[A-Za-z0-9_-]+)+)}";
    private static final Pattern TEMPLATE = Pattern.compile("[^{}]*(" + PLACE + "[^{}]*)+");

    private BusinessKeyTemplate() {}

    static boolean valid(String template) {
        return TEMPLATE.matcher(template).matches();
    }
}
