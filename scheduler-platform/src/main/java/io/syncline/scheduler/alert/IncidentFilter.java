package io.syncline.scheduler.alert;

import io.syncline.scheduler.catalog.AlertCondition;
import io.syncline.scheduler.security.ProblemException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Which incidents a list shows. Several values of one parameter mean any of them; all parameters must hold. */
public record IncidentFilter(List<String> states, List<String> groups, List<String> conditions) {

    private static final int MOST_VALUES = 100;

    /** @throws ProblemException 400 naming every parameter that is wrong */
    public static IncidentFilter of(
            @Nullable List<String> states, @Nullable List<String> groups, @Nullable List<String> conditions) {
        var problem = ProblemException.of(400, "invalid-parameter", "A query parameter is not valid")
                .detail("Correct the query parameters that the errors name.");
        var known = new TreeSet<>(Arrays.asList("OPEN", "ACKNOWLEDGED", "CLOSED"));
        var all = new TreeSet<String>();
        Arrays.stream(AlertCondition.values()).map(Enum::name).forEach(all::add);
        var filter = new IncidentFilter(
                values("state", states, known, problem),
                values("group", groups, null, problem),
                ways(values("condition", conditions, all, problem)));
        if (problem.hasErrors()) {
            throw problem;
        }
        return filter;
    }

    private static List<String> values(
            String name, @Nullable List<String> given, @Nullable Set<String> known, ProblemException problem) {
        var values = given == null
                ? List.<String>of()
                : given.stream().distinct().sorted().toList();
        if (values.size() > MOST_VALUES) {
            problem.parameterError(name, "may stand here " + MOST_VALUES + " times at most", "too-many-values");
        }
        for (var value : values) {
            if (known != null && !known.contains(value)) {
                problem.parameterError(name, "is one of " + known, "invalid-value");
            }
        }
        return values;
    }

    /** FAILED means every way to fail. */
    private static List<String> ways(List<String> conditions) {
        if (!conditions.contains(AlertCondition.FAILED.name())) {
            return conditions;
        }
        var ways = new TreeSet<>(conditions);
        Arrays.stream(AlertCondition.values())
                .filter(AlertCondition::isFailure)
                .map(Enum::name)
                .forEach(ways::add);
        return List.copyOf(ways);
    }
}
