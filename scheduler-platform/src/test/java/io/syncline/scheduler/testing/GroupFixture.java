package io.syncline.scheduler.testing;

import io.syncline.scheduler.catalog.AlertCondition;
import io.syncline.scheduler.catalog.AlertRule;
import io.syncline.scheduler.catalog.ExpectBy;
import io.syncline.scheduler.catalog.Schedule;
import io.syncline.scheduler.catalog.TaskGroup;
import io.syncline.scheduler.catalog.TriggerRule;
import io.syncline.scheduler.catalog.WhenActive;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A task group in a few words: {@code aGroup("daily").with(anAsyncTask("plans"), aSyncTask("enrich"))}. */
public final class GroupFixture {

    private final String key;
    private int version = 1;
    private final List<TriggerRule> triggers = new ArrayList<>();
    private final List<TaskFixture> tasks = new ArrayList<>();
    private final List<String> labels = new ArrayList<>();
    private final List<AlertRule> alerts = new ArrayList<>();
    private @Nullable Schedule schedule;
    private @Nullable ExpectBy expectBy;
    private @Nullable Duration startBy;
    private @Nullable Duration freshness;
    private WhenActive whenActive = WhenActive.QUEUE;
    private int maxActive = TaskGroup.DEFAULT_MAX_ACTIVE;
    private int maxQueued = TaskGroup.DEFAULT_MAX_QUEUED;

    private GroupFixture(String key) {
        this.key = key;
    }

    public static GroupFixture aGroup(String key) {
        return new GroupFixture(key);
    }

    public GroupFixture version(int number) {
        version = number;
        return this;
    }

    public GroupFixture with(TaskFixture... more) {
        tasks.addAll(List.of(more));
        return this;
    }

    public GroupFixture triggeredBy(String source, String type) {
        return triggeredBy(source, type, null);
    }

    public GroupFixture triggeredBy(String source, String type, @Nullable String businessKey) {
        triggers.add(new TriggerRule(source, type, businessKey));
        return this;
    }

    public GroupFixture triggeredBy(TriggerRule rule) {
        triggers.add(rule);
        return this;
    }

    public GroupFixture scheduled(Schedule when) {
        schedule = when;
        return this;
    }

    public GroupFixture expectedBy(LocalTime time, ZoneId zone) {
        expectBy = new ExpectBy(time, zone);
        return this;
    }

    public GroupFixture startBy(Duration limit) {
        startBy = limit;
        return this;
    }

    public GroupFixture freshness(Duration limit) {
        freshness = limit;
        return this;
    }

    public GroupFixture whenActive(WhenActive policy) {
        whenActive = policy;
        return this;
    }

    public GroupFixture maxQueued(int most) {
        maxQueued = most;
        return this;
    }

    public GroupFixture parallel(int most) {
        maxActive = most;
        return whenActive(WhenActive.PARALLEL);
    }

    public GroupFixture alerting(AlertCondition condition, String... channels) {
        alerts.add(new AlertRule(List.of(condition), List.of(channels)));
        return this;
    }

    public GroupFixture rule(AlertRule rule) {
        alerts.add(rule);
        return this;
    }

    public GroupFixture labels(String... names) {
        labels.addAll(List.of(names));
        return this;
    }

    public TaskGroup build() {
        return new TaskGroup(
                key,
                version,
                null,
                null,
                labels,
                triggers,
                schedule,
                expectBy,
                startBy,
                freshness,
                whenActive,
                maxActive,
                maxQueued,
                alerts,
                tasks.stream().map(TaskFixture::build).toList(),
                Map.of());
    }
}
