package io.syncline.systemtests.supply;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** A version by its numbers; a milestone, candidate, alpha or beta comes before the release of the same numbers. */
record Version(String text) implements Comparable<Version> {

    private static final Pattern BEFORE_RELEASE =
            Pattern.compile(".*[.-](?i:alpha|beta|rc|cr|m|snapshot)[.-]?[0-9]*", Pattern.DOTALL);

    @Override
    public int compareTo(Version other) {
        var mine = numbers();
        var others = other.numbers();
        for (int i = 0; i < Math.max(mine.size(), others.size()); i++) {
            int order = Long.compare(at(mine, i), at(others, i));
            if (order != 0) {
                return order;
            }
        }
        return Boolean.compare(isRelease(), other.isRelease());
    }

    private boolean isRelease() {
        return !BEFORE_RELEASE.matcher(text).matches();
    }

    private List<Long> numbers() {
        return Arrays.stream(text.split("[.-]"))
                .takeWhile(part -> part.matches("[0-9]{1,9}"))
                .map(Long::valueOf)
                .toList();
    }

    private static long at(List<Long> numbers, int index) {
        return index < numbers.size() ? numbers.get(index) : 0;
    }
}
