package io.syncline.systemtests.history;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;

/**
 * I17 and I18: of what the outbox holds everything arrives, for the first time in the order of its key, and nothing else; what the
 * receiver does not take is tried again, not too soon, until it is taken.
 */
final class ParcelRules implements Rule {

    private static final long FIRST_PAUSE = Event.SECOND;
    private static final long LONGEST_PAUSE = 60 * Event.SECOND;
    private static final double LEAST_JITTER = 0.8;

    @Override
    public void check(Facts facts, Findings findings) {
        facts.by("parcel", "orderingKey").forEach((key, parcels) -> inOrder(key, parcels, facts, findings));
        for (Event parcel : facts.all("parcel")) {
            findings.looked("I17");
            findings.looked("I18");
            var told = facts.of("told", "message", parcel.text("message"));
            var taken = told.stream().anyMatch(ParcelRules::isTaken);
            if (!parcel.is("state", "DELIVERED")) {
                findings.violated("I18", "message %s to people is %s", parcel.text("message"), parcel.text("state"));
            } else if (!taken) {
                findings.violated("I17", "message %s is DELIVERED and nobody took it", parcel.text("message"));
            }
            paces(parcel, told, findings);
        }
        facts.by("told", "message").forEach((message, told) -> {
            findings.looked("I17");
            if (facts.of("parcel", "message", message).isEmpty()) {
                findings.violated("I17", "people were told the message %s, which was never committed", message);
            }
        });
    }

    private static boolean isTaken(Event told) {
        return told.number("status") / 100 == 2;
    }

    private static void inOrder(String key, List<Event> parcels, Facts facts, Findings findings) {
        var ordered = parcels.stream()
                .sorted(Comparator.comparingLong(parcel -> parcel.number("place")))
                .toList();
        var places = new HashSet<Long>();
        long last = Long.MIN_VALUE;
        for (int i = 0; i < ordered.size(); i++) {
            var parcel = ordered.get(i);
            findings.looked("I17");
            if (!places.add(parcel.number("place")) || parcel.number("place") != i + 1) {
                findings.violated(
                        "I17", "the messages of %s are numbered %d at place %d", key, parcel.number("place"), i + 1);
            }
            var first = facts.of("told", "message", parcel.text("message")).stream()
                    .mapToLong(Event::at)
                    .findFirst();
            if (first.isPresent()) {
                findings.looked("I18");
                if (first.getAsLong() < last) {
                    findings.violated(
                            "I17",
                            "message %s of %s, number %d, came before the one in front of it",
                            parcel.text("message"),
                            key,
                            parcel.number("place"));
                }
                last = Math.max(last, first.getAsLong());
            }
        }
    }

    /** A try that never arrived lengthens the pause as well, so it is at least what those that arrived ask for. */
    private static void paces(Event parcel, List<Event> told, Findings findings) {
        for (int i = 0; i + 1 < told.size(); i++) {
            if (isTaken(told.get(i))) {
                continue;
            }
            var pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE << Math.min(i, 10)) * LEAST_JITTER;
            var gap = told.get(i + 1).at() - told.get(i).at();
            if (gap < pause) {
                findings.violated(
                        "I18",
                        "message %s was refused and came again %d ms later, %d ms at least were agreed",
                        parcel.text("message"),
                        gap / 1000,
                        (long) pause / 1000);
            }
        }
    }
}
