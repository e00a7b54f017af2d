package io.syncline.scheduler.testing;

import io.syncline.scheduler.catalog.TaskGroup;
import io.syncline.scheduler.catalog.TriggerRule;
import io.syncline.scheduler.catalog.WhenActive;
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

    public TaskGroup build() {
        return new TaskGroup(
                key,
                version,
                null,
                null,
                List.of(),
                triggers,
                null,
                WhenActive.QUEUE,
                tasks.stream().map(TaskFixture::build).toList(),
                Map.of());
    }
}
