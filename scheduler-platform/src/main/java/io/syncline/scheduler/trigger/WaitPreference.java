package io.syncline.scheduler.trigger;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * {@code Prefer: wait=n} (RFC 7240): how long the sender would wait for the end of its runs. A preference that cannot be read
 * is ignored, and one beyond the limit is applied up to it, as the RFC has it.
 */
final class WaitPreference {

    static final String HEADER = "Prefer";
    static final String APPLIED = "Preference-Applied";
    static final int LONGEST_SECONDS = 60;

    private static final int LONGEST_NUMBER = 9;

    private WaitPreference() {}

    static Optional<Duration> of(HttpServletRequest request) {
        var headers = request.getHeaders(HEADER);
        while (headers.hasMoreElements()) {
            for (String preference : headers.nextElement().split(",", -1)) {
                var seconds = seconds(preference.split(";", 2)[0]);
                if (seconds > 0) {
                    return Optional.of(Duration.ofSeconds(Math.min(seconds, LONGEST_SECONDS)));
                }
            }
        }
        return Optional.empty();
    }

    /** Zero where this is no wait. */
    private static long seconds(String preference) {
        var parts = preference.split("=", 2);
        if (parts.length < 2 || !parts[0].strip().toLowerCase(Locale.ROOT).equals("wait")) {
            return 0;
        }
        var number = parts[1].strip();
        if (number.length() >= 2 && number.startsWith("\"") && number.endsWith("\"")) {
            number = number.substring(1, number.length() - 1);
        }
        var isNumber = !number.isEmpty()
                && number.length() <= LONGEST_NUMBER
                && number.chars().allMatch(c -> c >= '0' && c <= '9');
        return isNumber ? Long.parseLong(number) : 0;
    }

    static String applied(Duration wait) {
        return "wait=" + wait.toSeconds();
    }
}
