package io.syncline.portal.sla;

import io.syncline.portal.page.Moments;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The last days, today included, of the reader's zone.
 *
 * @param days 7, 30 or 90
 */
record SlaRange(int days) {

    static final List<Integer> CHOICES = List.of(7, 30, 90);
    private static final int USUAL = 30;

    /** As in an address; what is none is the usual one. */
    static SlaRange of(@Nullable String text) {
        return new SlaRange(CHOICES.stream()
                .filter(days -> Integer.toString(days).equals(text))
                .findFirst()
                .orElse(USUAL));
    }

    Instant from(Moments moments) {
        return LocalDate.ofInstant(moments.now(), moments.zone())
                .minusDays(days - 1L)
                .atStartOfDay(moments.zone())
                .toInstant();
    }
}
