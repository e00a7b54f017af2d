package io.syncline.scheduler.alert;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.syncline.scheduler.catalog.AlertRule;
import io.syncline.scheduler.catalog.PageRequest;
import io.syncline.scheduler.catalog.TaskGroup;
import io.syncline.scheduler.catalog.TaskGroupCatalog;
import io.syncline.scheduler.security.Labels;
import io.syncline.scheduler.store.DatabaseClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Which group tells whom about what, and how often it would have in the last days. */
@Service
public class AlertRules {

    private static final Duration LOOK_BACK = Duration.ofDays(7);
    /** Signals that are looked at for one page of groups. */
    private static final int MOST_SIGNALS = 10_000;

    private final TaskGroupCatalog groups;
    private final JdbcIncidents incidents;
    private final DatabaseClock clock;
    private final AlertProperties properties;

    AlertRules(TaskGroupCatalog groups, JdbcIncidents incidents, DatabaseClock clock, AlertProperties properties) {
        this.groups = groups;
        this.incidents = incidents;
        this.clock = clock;
        this.properties = properties;
    }

    /**
     * @param since from when on signals were replayed
     * @param complete false: there were more signals than are looked at, and the numbers are the least
     * @param defaultChannels who is told of failures that no rule of their group takes
     * @param platformChannels who is told of what belongs to no group
     */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    public record View(
            List<GroupRules> items,
            @Nullable String nextCursor,
            Instant since,
            boolean complete,
            List<String> defaultChannels,
            List<String> platformChannels) {}

    /** @param unruled incidents since then that no rule of the group takes */
    public record GroupRules(String group, List<String> labels, List<RuleView> rules, int unruled) {}

    public record RuleView(
            List<String> when,
            List<String> channels,
            @Nullable Threshold threshold,
            @Nullable Escalation escalate,
            RuleReplay replay) {

        static RuleView of(AlertRule rule, List<RuleReplay.Joined> signals) {
            var threshold = rule.threshold();
            var escalate = rule.escalate();
            return new RuleView(
                    rule.when().stream().map(Enum::name).toList(),
                    rule.channels(),
                    threshold == null
                            ? null
                            : new Threshold(
                                    threshold.count(), threshold.within().toString()),
                    escalate == null ? null : new Escalation(escalate.after().toString(), escalate.channels()),
                    RuleReplay.of(rule, signals));
        }
    }

    public record Threshold(int count, String within) {}

    public record Escalation(String after, List<String> channels) {}

    /** The groups by key, those without a rule as well. */
    @Transactional(readOnly = true)
    public View list(PageRequest request, Labels labels) {
        var page = groups.list(request, labels);
        var read =
                page.items().stream().map(view -> groups.read(view.current())).toList();
        var since = clock.now().minus(LOOK_BACK);
        var joined =
                incidents.joinedSince(since, read.stream().map(TaskGroup::key).toList(), MOST_SIGNALS + 1);
        var complete = joined.size() <= MOST_SIGNALS;
        var byGroup = joined.stream().limit(MOST_SIGNALS).collect(Collectors.groupingBy(RuleReplay.Joined::group));
        return new View(
                read.stream()
                        .map(group -> rules(group, byGroup.getOrDefault(group.key(), List.of())))
                        .toList(),
                page.nextCursor(),
                since,
                complete,
                properties.defaultChannels(),
                properties.platformChannels());
    }

    private static GroupRules rules(TaskGroup group, List<RuleReplay.Joined> signals) {
        return new GroupRules(
                group.key(),
                group.labels(),
                group.alerts().stream().map(rule -> RuleView.of(rule, signals)).toList(),
                RuleReplay.unruled(group.alerts(), signals));
    }
}
