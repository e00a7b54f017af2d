package io.syncline.scheduler.ops;

import static io.syncline.scheduler.testing.GroupFixture.aGroup;
import static io.syncline.scheduler.testing.TaskFixture.aSyncTask;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.scheduler.testing.FixedTaskGroups;
import io.syncline.scheduler.testing.SettableClock;
import io.syncline.scheduler.testing.TestDatabase;
import io.syncline.scheduler.trigger.Intake;
import io.syncline.scheduler.trigger.TestIntakes;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class ResubmissionsTest {

    private static final String EVENT =
            "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/billing\",\"type\":\"ready\"}";

    private final TestDatabase database = TestDatabase.h2();
    private final FixedTaskGroups groups = new FixedTaskGroups();
    private final AtomicReference<@Nullable Runnable> meanwhile = new AtomicReference<>();
    private final Intake intake = TestIntakes.on(database, groups, this::now);
    private final Resubmissions resubmissions = new Resubmissions(
            intake,
            new Audit(
                    new JdbcAuditEntries(database.jdbc()),
                    this::now,
                    JsonMapper.builder().build()),
            database.transactions());

    private Instant now() {
        var between = meanwhile.getAndSet(null);
        if (between != null) {
            CompletableFuture.runAsync(between).join();
        }
        return SettableClock.NOON;
    }

    @Test
    void aCorrectionThatMeetsACopyOfItsMessageIsADuplicate() {
        var rejected = TestIntakes.send(intake, EVENT).id();
        assertThat(rejected).isNotNull();
        groups.put(aGroup("daily").with(aSyncTask("a")).triggeredBy("/billing", "ready"));
        meanwhile.set(() -> TestIntakes.send(intake, EVENT));

        var resubmitted = resubmissions.resubmit(rejected, null, null, "ada", "again", null, false);

        assertThat(resubmitted.status()).isEqualTo("DUPLICATE");
        assertThat(resubmitted.runs()).hasSize(1);
        assertThat(count("run")).isEqualTo(1);
        assertThat(count("audit_entry")).isEqualTo(1);
    }

    private int count(String table) {
        return database.jdbc()
                .sql("select count(*) from " + table)
                .query(Integer.class)
                .single();
    }
}
