package io.syncline.scheduler.catalog;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How large a regular expression is when all that is counted in it is written out: {@code (a{3}b){10}} is 40. A repetition of
 * nothing looks at no character, so that counting those alone would not end it.
 */
final class RegexSize {

    private static final Pattern COUNT = Pattern.compile("\\{(\\d+)(?:,(\\d*))?}");
    private static final long MOST = Integer.MAX_VALUE;

    private RegexSize() {}

    /** Of an expression that can be compiled; what stands in brackets and quotes is taken for more rather than for less. */
    static long of(String text) {
        Deque<Long> outer = new ArrayDeque<>();
        long before = 0;
        long last = 0;
        Matcher count = COUNT.matcher(text);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '(') {
                outer.push(before + last);
                before = 0;
                last = 0;
            } else if (c == ')') {
                last = Math.max(1, before + last);
                before = outer.isEmpty() ? 0 : outer.pop();
            } else if (c == '{' && count.region(i, text.length()).lookingAt()) {
                last = Math.min(MOST, Math.max(1, last) * times(count));
                i = count.end() - 1;
            } else {
                before = Math.min(MOST, before + last);
                last = 1;
                i += c == '\\' ? 1 : 0;
            }
        }
        while (!outer.isEmpty()) {
            before += outer.pop();
        }
        return Math.min(MOST, before + last);
    }

    private static long times(Matcher count) {
        String most = count.group(2) == null || count.group(2).isEmpty() ? count.group(1) : count.group(2);
        return most.length() > 9 ? MOST : Math.max(1, Long.parseLong(most));
    }
}
