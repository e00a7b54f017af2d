package io.syncline.scheduler.alert;

import io.syncline.scheduler.catalog.AlertCondition;
import io.syncline.scheduler.catalog.AlertRule;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How often a rule would have told somebody, by signals of its group that are kept. Silences, acknowledgements and what other
 * groups added to the same incidents are left out of it.
 *
 * @param incidents of which it would have told
 * @param lastAt when it would have told first of the latest one; null: never
 */
public record RuleReplay(int incidents, @Nullable Instant lastAt) {

    /** A signal of the group that has joined an incident. */
    record Joined(String group, String incident, AlertCondition condition, Instant at) {}

    /** @param signals of one group */
    static RuleReplay of(AlertRule rule, List<Joined> signals) {
        var byIncident = new LinkedHashMap<String, List<Instant>>();
        signals.stream()
                .filter(signal -> rule.takes(signal.condition()))
                .forEach(signal -> byIncident
                        .computeIfAbsent(signal.incident(), incident -> new ArrayList<>())
                        .add(signal.at()));
        var told = byIncident.values().stream()
                .map(times -> told(rule, times.stream().sorted().toList()))
                .flatMap(Optional::stream)
                .toList();
        return new RuleReplay(told.size(), told.stream().max(Instant::compareTo).orElse(null));
    }

    /** When there was enough of it first. */
    private static Optional<Instant> told(AlertRule rule, List<Instant> times) {
        var threshold = rule.threshold();
        int count = threshold == null ? 1 : threshold.count();
        var within = threshold == null ? Duration.ZERO : threshold.within();
        for (int last = count - 1; last < times.size(); last++) {
            var first = times.get(last - count + 1);
            if (!first.plus(within).isBefore(times.get(last))) {
                return Optional.of(times.get(last));
            }
        }
        return Optional.empty();
    }

    /** How many incidents no rule of the group takes. */
    static int unruled(List<AlertRule> rules, List<Joined> signals) {
        Map<String, Boolean> taken = new LinkedHashMap<>();
        for (var signal : signals) {
            taken.merge(
                    signal.incident(),
                    rules.stream().anyMatch(rule -> rule.takes(signal.condition())),
                    Boolean::logicalOr);
        }
        return (int) taken.values().stream().filter(isTaken -> !isTaken).count();
    }
}
