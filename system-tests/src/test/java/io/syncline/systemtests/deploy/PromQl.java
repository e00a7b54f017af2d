package io.syncline.systemtests.deploy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** As much of PromQL as is needed to see which meters an expression names, and with which labels. */
final class PromQl {

    private static final Pattern SELECTOR =
            Pattern.compile("\\b(?<name>(?:syncline|kafka|hikaricp|jvm)_[a-z_]+)\\b(?:\\{(?<matchers>[^}]*)})?");
    private static final Pattern MATCHER = Pattern.compile("([a-z_]+)\\s*(?:=~|!~|!=|=)");
    private static final Pattern GROUPING = Pattern.compile("\\b(?:by|on|without)\\s*\\(([^)]*)\\)");

    /** @param labels in its braces */
    record Selector(String name, Set<String> labels) {}

    private PromQl() {}

    static List<Selector> selectors(String expression) {
        var selectors = new ArrayList<Selector>();
        var found = SELECTOR.matcher(expression);
        while (found.find()) {
            var labels = new TreeSet<String>();
            var matcher = MATCHER.matcher(found.group("matchers") == null ? "" : found.group("matchers"));
            while (matcher.find()) {
                labels.add(matcher.group(1));
            }
            selectors.add(new Selector(found.group("name"), labels));
        }
        return selectors;
    }

    /** The labels that results are grouped by. */
    static Set<String> groupings(String expression) {
        var labels = new TreeSet<String>();
        var found = GROUPING.matcher(expression);
        while (found.find()) {
            for (var label : found.group(1).split(",")) {
                labels.add(label.strip());
            }
        }
        labels.remove("");
        return labels;
    }
}
