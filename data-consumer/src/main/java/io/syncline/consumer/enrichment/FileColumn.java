package io.syncline.consumer.enrichment;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * A column of a file to enrich.
 *
 * @param oneOf the texts that it may have; any when empty
 * @param most of SECONDS: the longest that is possible
 * @param format of TIME: a pattern of {@link DateTimeFormatter} in English with date, time and offset; the year is {@code uuuu}
 * @param notBefore of TIME: the earliest that is possible; what is before it was stamped by a clock that was not set
 */
record FileColumn(
        String name,
        @DefaultValue("TEXT") Type type,
        @DefaultValue List<String> oneOf,
        @DefaultValue("86400") long most,
        @Nullable String format,
        @Nullable Instant notBefore) {

    /** What a column may hold. */
    enum Type {
        TEXT,
        /** 1 to 64 digits, leading zeros included. */
        DIGITS,
        /** 1 to 64 visible characters of ASCII, but no comma and no quotes. */
        WORD,
        /** A whole number of seconds. */
        SECONDS,
        TIME;

        boolean isId() {
            return this == DIGITS || this == WORD;
        }
    }

    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_]{0,62}");

    FileColumn {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("a column's name has letters, digits and _: " + name);
        }
        if (most < 0 || most > 999_999_999) {
            throw new IllegalArgumentException(name + ": the most seconds are 0 to 999999999: " + most);
        }
        if (type == Type.TIME) {
            check(name, format);
        }
    }

    /** Strict, so that neither 31 February nor a day of the week that is not the date's passes. */
    DateTimeFormatter formatter() {
        return formatter(String.valueOf(format));
    }

    private static DateTimeFormatter formatter(String format) {
        return DateTimeFormatter.ofPattern(format, Locale.ENGLISH).withResolverStyle(ResolverStyle.STRICT);
    }

    private static void check(String name, @Nullable String format) {
        if (format == null) {
            throw new IllegalArgumentException(name + ": a column of times has a format");
        }
        try {
            var formatter = formatter(format);
            var unused =
                    formatter.parse(formatter.format(Instant.EPOCH.atOffset(ZoneOffset.ofHours(1))), Instant::from);
        } catch (DateTimeException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "%s: the format does not tell date, time and offset, with uuuu for the year: %s"
                            .formatted(name, format),
                    e);
        }
    }
}
