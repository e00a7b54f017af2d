package io.syncline.scheduler.alert;

import io.syncline.scheduler.catalog.Page;
import io.syncline.scheduler.catalog.PageRequest;
import io.syncline.scheduler.security.Expiring;
import io.syncline.scheduler.security.Labels;
import io.syncline.scheduler.security.ProblemException;
import io.syncline.scheduler.store.DatabaseClock;
import io.syncline.scheduler.store.Ids;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Keeps people from being told of some incidents for a while. */
@Service
public class Silences implements Expiring {

    private static final Duration LONGEST = Duration.ofDays(31);
    private static final Duration KEPT = Duration.ofDays(90);
    private static final String NEWEST = "~";

    private final JdbcSilences silences;
    private final JdbcIncidents incidents;
    private final DatabaseClock clock;

    Silences(JdbcSilences silences, JdbcIncidents incidents, DatabaseClock clock) {
        this.silences = silences;
        this.incidents = incidents;
        this.clock = clock;
    }

    /** @param of group, condition, system or label */
    public record Matcher(
            String of, @Nullable String equals, @Nullable String glob) {}

    /**
     * @param state UPCOMING, STANDING, EXPIRED, or ENDED before its time
     * @param quiets the open incidents of which nobody is told while it stands, within reach
     */
    public record View(
            @Nullable String silenceId,
            List<Matcher> matchers,
            Instant from,
            Instant until,
            String reason,
            String createdBy,
            Instant createdAt,
            String state,
            @Nullable Instant endedAt,
            @Nullable String endedBy,
            @Nullable List<String> quiets) {}

    /** Newest first, ended ones as well. */
    @Transactional(readOnly = true)
    public Page<View> list(PageRequest page, Labels labels) {
        var now = clock.now();
        var from = page.last("silences");
        var shown = new ArrayList<Silence>();
        var before = from == null ? NEWEST : from;
        while (shown.size() <= page.limit()) {
            var rows = silences.before(before, page.limit() + 1);
            if (rows.isEmpty()) {
                break;
            }
            rows.stream().filter(silence -> within(silence, labels)).forEach(shown::add);
            before = rows.get(rows.size() - 1).id();
        }
        return Page.cut(
                shown.stream().map(silence -> view(silence, now, null)).toList(),
                page.limit(),
                view -> PageRequest.cursor("silences", String.valueOf(view.silenceId())));
    }

    /**
     * @param from null, or not after now: at once
     * @throws ProblemException 422 with all that is wrong
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public View create(
            List<Matcher> matchers,
            @Nullable Instant from,
            Instant until,
            String reason,
            String by,
            boolean dryRun,
            Labels labels) {
        var now = clock.now();
        var begin = from == null || from.isBefore(now) ? now : from;
        var invalid = ProblemException.of(422, "invalid-body", "The body is not valid")
                .detail("Correct what the errors name and send the call again.");
        if (!until.isAfter(now) || until.isAfter(now.plus(LONGEST))) {
            invalid.error("/until", "must lie ahead, by " + LONGEST.toDays() + " days at most", "out-of-range");
        } else if (!until.isAfter(begin)) {
            invalid.error("/from", "must lie before 'until'", "out-of-range");
        }
        if (invalid.hasErrors()) {
            throw invalid;
        }
        var silence = new Silence(
                Ids.next(),
                matchers.stream().map(Silences::matcher).toList(),
                labels.all() ? null : List.copyOf(new TreeSet<>(labels.named())),
                reason,
                by,
                now,
                begin,
                until,
                null,
                null);
        var quiets = incidents.notClosed().stream()
                .filter(incident -> silence.isAbout(incident, incidents.groups(incident.id(), 500)))
                .map(Incident::id)
                .toList();
        if (!dryRun) {
            silences.insert(silence);
        }
        var view = view(silence, now, quiets);
        return dryRun ? withoutId(view) : view;
    }

    /** @throws ProblemException 404, or 409 when it has ended */
    @Transactional(propagation = Propagation.MANDATORY)
    public View end(String id, String by, boolean dryRun, Labels labels) {
        var silence = silences.lock(id)
                .filter(found -> within(found, labels))
                .orElseThrow(() ->
                        ProblemException.of(404, "not-found", "Not found").detail("There is no silence " + id + "."));
        var now = clock.now();
        if (silence.endedAt() != null || !silence.until().isAfter(now)) {
            throw ProblemException.of(409, "illegal-action", "The action is not legal now")
                    .detail("The silence has ended.")
                    .member("currentState", "ENDED")
                    .member("allowedActions", List.of());
        }
        if (!dryRun) {
            silences.end(id, by, now);
            // What was held back is told now.
            incidents.decideAgain(now);
        }
        return view(
                new Silence(
                        silence.id(),
                        silence.matchers(),
                        silence.labels(),
                        silence.reason(),
                        silence.createdBy(),
                        silence.createdAt(),
                        silence.from(),
                        silence.until(),
                        now,
                        by),
                now,
                null);
    }

    @Override
    public void purge() {
        silences.purge(clock.now().minus(KEPT));
    }

    /** Limited people see and end what people with their labels have made. */
    private static boolean within(Silence silence, Labels labels) {
        return labels.all() || (silence.labels() != null && labels.named().containsAll(silence.labels()));
    }

    private static Silence.Matcher matcher(Matcher matcher) {
        var of = Silence.Of.valueOf(matcher.of().toUpperCase(Locale.ROOT));
        return matcher.glob() == null
                ? new Silence.Matcher(of, false, String.valueOf(matcher.equals()))
                : new Silence.Matcher(of, true, matcher.glob());
    }

    private static String state(Silence silence, Instant now) {
        if (silence.endedAt() != null) {
            return "ENDED";
        }
        if (!silence.until().isAfter(now)) {
            return "EXPIRED";
        }
        return silence.from().isAfter(now) ? "UPCOMING" : "STANDING";
    }

    private static View withoutId(View view) {
        return new View(
                null,
                view.matchers(),
                view.from(),
                view.until(),
                view.reason(),
                view.createdBy(),
                view.createdAt(),
                view.state(),
                null,
                null,
                view.quiets());
    }

    private static View view(Silence silence, Instant now, @Nullable List<String> quiets) {
        return new View(
                silence.id(),
                silence.matchers().stream()
                        .map(matcher -> new Matcher(
                                matcher.of().wire(),
                                matcher.glob() ? null : matcher.pattern(),
                                matcher.glob() ? matcher.pattern() : null))
                        .toList(),
                silence.from(),
                silence.until(),
                silence.reason(),
                silence.createdBy(),
                silence.createdAt(),
                state(silence, now),
                silence.endedAt(),
                silence.endedBy(),
                quiets);
    }
}
