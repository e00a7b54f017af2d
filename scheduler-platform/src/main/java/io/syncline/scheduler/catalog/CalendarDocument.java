package io.syncline.scheduler.catalog;

import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.MonthDay;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Reads and checks one calendar document; everything wrong with it is found in one pass. */
final class CalendarDocument {

    static final String KIND = "Calendar";

    private static final Set<String> MEMBERS = Stream.concat(
                    Header.MEMBERS.stream(), Stream.of("zone", "holidays", "yearly", "weekends"))
            .collect(Collectors.toUnmodifiableSet());

    private static final int MOST_HOLIDAYS = 5_000;
    private static final int MOST_YEARLY = 366;
    private static final int DAYS_OF_WEEK = DayOfWeek.values().length;

    private CalendarDocument() {}

    /** @throws InvalidDocumentException with all that is wrong */
    static BusinessCalendar read(ObjectNode document, String key, int version, LabelEdit labels) {
        var errors = new ArrayList<DocumentError>();
        Members members = Members.of(document, errors, MEMBERS);
        Header header = Header.read(members, KIND, key, labels);
        ZoneId zone = members.zone("zone");
        Set<LocalDate> holidays =
                days(members, "holidays", MOST_HOLIDAYS, LocalDate::parse, "must be a date such as 2026-12-25");
        Set<MonthDay> yearly = days(
                members, "yearly", MOST_YEARLY, text -> MonthDay.parse("--" + text), "must be a day such as 12-25");
        var weekends = EnumSet.noneOf(DayOfWeek.class);
        weekends.addAll(days(
                members,
                "weekends",
                DAYS_OF_WEEK,
                CalendarDocument::dayOfWeek,
                "must be one of " + Arrays.toString(DayOfWeek.values())));
        if (weekends.size() == DAYS_OF_WEEK) {
            members.error("weekends", "must leave at least one day of the week", DocumentError.OUT_OF_RANGE);
        }
        if (!errors.isEmpty()) {
            throw new InvalidDocumentException(errors);
        }
        return new BusinessCalendar(key, version, header.labels(), zone, holidays, yearly, weekends);
    }

    private static <T> Set<T> days(
            Members members, String name, int most, Function<String, @Nullable T> reader, String rule) {
        var days = new HashSet<T>();
        members.texts(name, most, 20, (text, place) -> {
            T day = read(text, reader);
            if (day != null) {
                days.add(day);
                return null;
            }
            return new DocumentError(members.pointer(name) + "/" + place, rule, DocumentError.INVALID);
        });
        return days;
    }

    private static <T> @Nullable T read(String text, Function<String, @Nullable T> reader) {
        try {
            return reader.apply(text);
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static @Nullable DayOfWeek dayOfWeek(String text) {
        return Arrays.stream(DayOfWeek.values())
                .filter(day -> day.name().equals(text))
                .findFirst()
                .orElse(null);
    }
}
