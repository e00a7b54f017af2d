package io.syncline.portal.groups;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Quartz expressions in words, where the words stay short; the others are shown as they are written. */
final class CronWords {

    private static final int FIELDS = 6;
    private static final Pattern NUMBER = Pattern.compile("\\d{1,2}");
    private static final Pattern NUMBERS = Pattern.compile("\\d{1,2}(,\\d{1,2})+");
    private static final Pattern STEP = Pattern.compile("(?:\\*|0)/(\\d{1,2})");
    private static final List<String> DAYS = List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT");
    private static final List<String> NAMES =
            List.of("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday");

    private final String minute;
    private final String hour;
    private final String dayOfMonth;
    private final String month;
    private final String dayOfWeek;

    private CronWords(String[] fields) {
        minute = fields[1];
        hour = fields[2];
        dayOfMonth = fields[3];
        month = fields[4];
        dayOfWeek = fields[5].toUpperCase(Locale.ROOT);
    }

    /** Without the zone. */
    static String of(String cron) {
        var fields = cron.strip().split("\\s+");
        var isShort = fields.length == FIELDS || (fields.length == FIELDS + 1 && isAny(fields[FIELDS]));
        return (isShort && fields[0].equals("0") ? new CronWords(fields).words() : Optional.<String>empty())
                .orElse("by the cron expression " + cron);
    }

    private Optional<String> words() {
        if (!isAny(month)) {
            return Optional.empty();
        }
        return days().flatMap(days -> times().map(times -> times + days));
    }

    /** Ends with a place for the days. */
    private Optional<String> times() {
        if (NUMBER.matcher(minute).matches()) {
            if (NUMBER.matcher(hour).matches()) {
                return Optional.of("at " + clock(hour));
            }
            if (NUMBERS.matcher(hour).matches()) {
                var times = Arrays.stream(hour.split(",")).map(this::clock).toList();
                return Optional.of("at " + listed(times));
            }
            if (isAny(hour)) {
                return Optional.of("every hour at minute " + Integer.parseInt(minute));
            }
            var step = STEP.matcher(hour);
            return step.matches()
                    ? Optional.of("every " + counted(step.group(1), "hour") + " at minute " + Integer.parseInt(minute))
                    : Optional.empty();
        }
        var step = STEP.matcher(minute);
        if (step.matches() && isAny(hour)) {
            return Optional.of("every " + counted(step.group(1), "minute"));
        }
        return minute.equals("*") && isAny(hour) ? Optional.of("every minute") : Optional.empty();
    }

    private Optional<String> days() {
        if (isAny(dayOfMonth) && isAny(dayOfWeek)) {
            return Optional.of(
                    NUMBER.matcher(hour).matches() || NUMBERS.matcher(hour).matches() ? " every day" : "");
        }
        if (isAny(dayOfWeek) && NUMBER.matcher(dayOfMonth).matches()) {
            return Optional.of(" on day " + Integer.parseInt(dayOfMonth) + " of every month");
        }
        if (isAny(dayOfWeek) && dayOfMonth.equals("L")) {
            return Optional.of(" on the last day of every month");
        }
        return isAny(dayOfMonth) ? weekdays().map(days -> " " + days) : Optional.empty();
    }

    private Optional<String> weekdays() {
        var range = dayOfWeek.split("-");
        if (range.length == 2) {
            return day(range[0]).flatMap(from -> day(range[1]).map(to -> "from " + from + " to " + to));
        }
        var names = Arrays.stream(dayOfWeek.split(",")).map(CronWords::day).toList();
        return names.stream().allMatch(Optional::isPresent)
                ? Optional.of("on " + listed(names.stream().map(Optional::get).toList()))
                : Optional.empty();
    }

    private static Optional<String> day(String text) {
        var place = DAYS.indexOf(text);
        if (place < 0 && text.matches("[1-7]")) {
            place = Integer.parseInt(text) - 1;
        }
        return place < 0 ? Optional.empty() : Optional.of(NAMES.get(place));
    }

    private String clock(String ofHour) {
        return "%02d:%02d".formatted(Integer.parseInt(ofHour), Integer.parseInt(minute));
    }

    private static String counted(String number, String unit) {
        return number.equals("1") ? unit : Integer.parseInt(number) + " " + unit + "s";
    }

    private static String listed(List<String> words) {
        var last = words.size() - 1;
        return last == 0 ? words.get(0) : String.join(", ", words.subList(0, last)) + " and " + words.get(last);
    }

    private static boolean isAny(String field) {
        return field.equals("*") || field.equals("?");
    }
}
