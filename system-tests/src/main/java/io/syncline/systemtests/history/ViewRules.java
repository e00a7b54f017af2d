package io.syncline.systemtests.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.stream.Collectors;

/**
 * I23: what a reader sees of the view never goes back, is there when the view says that it is, and soon after it was committed while
 * nothing is wrong; and in the end the view is what a count of the source says.
 */
final class ViewRules implements Rule {

    /** Changes whose way to the view nothing hindered, among what was looked at. */
    static final String FRESH = "I23 fresh";

    private static final long OFTEN_WITHIN = 5 * Event.SECOND;
    private static final long ALWAYS_WITHIN = 10 * Event.SECOND;
    /** A follower's lease runs out, and the longest pause of a reader whose provider was away. */
    private static final long CAUGHT_UP_WITHIN = 25 * Event.SECOND;
    /** The provider dates a commit by the database's clock, the driver by when it was answered. */
    private static final long INEXACT = Event.SECOND / 20;

    @Override
    public void check(Facts facts, Findings findings) {
        var spans = new ArrayList<Long>();
        facts.by("viewLook", "user").forEach((user, looks) -> {
            var named = facts.of("renamed", "user", user);
            var sure = sure(looks, named);
            inOrder(user, sure, findings);
            promised(user, sure, answered(named), findings);
            fresh(looks, answered(named), facts, spans);
        });
        facts.by("renamed", "user").forEach((user, named) -> known(user, named, findings));
        judge(spans, findings);
        for (Event person : facts.all("person")) {
            findings.looked("I23");
            if (!person.flag("same")) {
                findings.violated(
                        "I23",
                        "in the end user %s is %s by the source's rows and %s in the view",
                        person.text("user"),
                        person.text("source"),
                        person.text("view"));
            }
        }
    }

    /** A name that was sent again may be taken once more when another had come since: what shows it says nothing of the order. */
    private static List<Event> sure(List<Event> looks, List<Event> named) {
        var again = named.stream()
                .filter(one -> one.is("outcome", "unknown"))
                .map(one -> one.number("version"))
                .collect(Collectors.toSet());
        return looks.stream()
                .filter(look -> !again.contains(look.number("version")))
                .toList();
    }

    private static void known(String user, List<Event> named, Findings findings) {
        var told = answered(named).stream().map(one -> one.number("version")).collect(Collectors.toSet());
        for (Event one : named) {
            findings.looked("I4");
            if (one.is("outcome", "invoke") && !told.contains(one.number("version"))) {
                findings.violated("I4", "version %d of user %s was never answered", one.number("version"), user);
            }
        }
    }

    private static List<Event> answered(List<Event> named) {
        return named.stream().filter(one -> one.is("outcome", "ok")).toList();
    }

    /** Both consumers read the same rows. */
    private static void inOrder(String user, List<Event> looks, Findings findings) {
        long version = 0;
        var asOf = new HashMap<String, Long>();
        for (Event look : looks) {
            findings.looked("I23");
            if (look.number("version") < version) {
                findings.violated(
                        "I23",
                        "version %d of user %s was seen after version %d",
                        look.number("version"),
                        user,
                        version);
            }
            version = Math.max(version, look.number("version"));
            if (look.has("asOf")) {
                var before = asOf.merge(look.text("consumer"), look.number("asOf"), Math::max);
                if (before > look.number("asOf")) {
                    findings.violated(
                            "I23",
                            "consumer %s said that its view is of an earlier moment than before",
                            look.text("consumer"));
                }
            }
        }
    }

    /** All that was committed before the moment that the answer names is in the answer. */
    private static void promised(String user, List<Event> looks, List<Event> named, Findings findings) {
        for (Event look : looks) {
            if (look.has("asOf")) {
                findings.looked("I23");
                var due = named.stream()
                        .filter(one -> one.at() < look.number("asOf") - INEXACT)
                        .mapToLong(one -> one.number("version"))
                        .max()
                        .orElse(0);
                if (look.number("version") < due) {
                    findings.violated(
                            "I23",
                            "the view is of a moment at which user %s had version %d, and shows version %d",
                            user,
                            due,
                            look.number("version"));
                }
            }
        }
    }

    private static void fresh(List<Event> looks, List<Event> named, Facts facts, List<Long> spans) {
        int at = 0;
        for (Event one : named) {
            while (at < looks.size()
                    && (looks.get(at).at() < one.at() || looks.get(at).number("version") < one.number("version"))) {
                at++;
            }
            // What nobody has seen to the last took at least until then.
            var seen = looks.get(Math.min(at, looks.size() - 1)).at();
            // What comes after a fault's end is held against it until all have caught up.
            if (seen > one.at()
                    && facts.stopped(one.at() - CAUGHT_UP_WITHIN, seen, "data", "database", Facts.MACHINE) == 0) {
                spans.add(seen - one.at());
            }
        }
    }

    private static void judge(List<Long> spans, Findings findings) {
        if (spans.isEmpty()) {
            return;
        }
        spans.forEach(span -> findings.looked(FRESH));
        spans.sort(Comparator.naturalOrder());
        var often = spans.get((spans.size() - 1) * 95 / 100);
        var longest = spans.get(spans.size() - 1);
        if (often > OFTEN_WITHIN || longest > ALWAYS_WITHIN) {
            findings.violated(
                    "I23",
                    "of %d changes while nothing was wrong 95 in 100 were seen within %d ms, the last after %d ms",
                    spans.size(),
                    often / 1000,
                    longest / 1000);
        }
    }
}
