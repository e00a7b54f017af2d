package io.syncline.scheduler.ops;

import static io.syncline.scheduler.testing.GroupFixture.aGroup;
import static io.syncline.scheduler.testing.TaskFixture.aSyncTask;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.scheduler.run.TestRuns;
import io.syncline.scheduler.security.Labels;
import io.syncline.scheduler.store.RetentionProperties;
import io.syncline.scheduler.testing.FixedTaskGroups;
import io.syncline.scheduler.testing.SettableClock;
import io.syncline.scheduler.testing.TestDatabase;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class PurgedRunsTest {

    @Test
    void aPurgedRunIsStillAnsweredToThoseWhoReachItsGroup() {
        var database = TestDatabase.h2();
        var groups = new FixedTaskGroups();
        groups.put(aGroup("daily").with(aSyncTask("a")));
        var days = new RetentionProperties(
                Duration.ofDays(30),
                Duration.ofDays(30),
                Duration.ofDays(90),
                Duration.ofDays(35),
                Duration.ofDays(365));
        var purged = new PurgedRuns(TestRuns.retention(database, SettableClock.atNoon(), days), groups);
        database.jdbc().sql("""
                        insert into run_summary (run_id, group_key, group_version, business_key, ordering_key, trigger_id, state,
                               created_at, ended_at, task_count, completed_count, failed_count, cause, purged_at)
                        values ('old', 'daily', 3, '2025-11-20', 'k', 't', 'FAILED', current_timestamp, current_timestamp,
                               4, 1, 2, 'TIMED_OUT', current_timestamp)
                        """).update();

        var view = new JsonMapper().valueToTree(purged.find("old", Labels.ALL).orElseThrow());

        assertThat(view.get("runId").stringValue()).isEqualTo("old");
        assertThat(view.get("purged").booleanValue()).isTrue();
        assertThat(view.get("state").stringValue()).isEqualTo("FAILED");
        assertThat(view.get("cause").stringValue()).isEqualTo("TIMED_OUT");
        assertThat(view.at("/tasks/total").asInt()).isEqualTo(4);
        assertThat(view.at("/tasks/failed").asInt()).isEqualTo(2);
        assertThat(view.get("startedAt").isNull()).isTrue();
        assertThat(view.get("allowedActions")).isEmpty();
        assertThat(view.get("taskRuns")).isEmpty();
        assertThat(purged.find("old", Labels.of(Set.of("billing")))).isEmpty();
        assertThat(purged.find("other", Labels.ALL)).isEmpty();
    }
}
