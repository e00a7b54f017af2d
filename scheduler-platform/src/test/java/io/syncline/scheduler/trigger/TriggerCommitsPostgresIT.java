package io.syncline.scheduler.trigger;

import static io.syncline.scheduler.testing.GroupFixture.aGroup;
import static io.syncline.scheduler.testing.TaskFixture.aSyncTask;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.scheduler.testing.FixedTaskGroups;
import io.syncline.scheduler.testing.SettableClock;
import io.syncline.scheduler.testing.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** Many messages share a commit. */
class TriggerCommitsPostgresIT {

    private static final int MESSAGES = 2000;
    private static final int SENDERS = 64;
    private static final int MOST_COMMITS = 400;

    private final TestDatabase database = TestDatabase.postgres();
    private final FixedTaskGroups groups = new FixedTaskGroups();

    @Test
    void twoThousandMessagesOverSixtyFourSendersTakeAtMostFourHundredCommits() throws Exception {
        groups.put(aGroup("g").with(aSyncTask("a")).triggeredBy("/billing", "ready"));
        var intake = TestIntakes.on(database, groups, SettableClock.atNoon());
        var gathering = new GatheringIntake(
                intake,
                new TriggerProperties(
                        1, Duration.ofSeconds(1), 2, 100, Duration.ofMillis(2), 2000, Duration.ofSeconds(2)));
        gathering.start();
        var senders = Executors.newFixedThreadPool(SENDERS);
        long before = database.commits();
        try {
            var work = new ArrayList<Callable<Judgement>>();
            for (int i = 0; i < MESSAGES; i++) {
                var event = CloudEventReader.structured("""
                        {"specversion":"1.0","id":"%1$d","source":"/billing","type":"ready","subject":"k%1$d"}""".formatted(i).getBytes(StandardCharsets.UTF_8));
                work.add(() -> gathering.accept(event, new Sender("sender", null, "REST", null)));
            }
            for (var done : senders.invokeAll(work)) {
                assertThat(done.get()).isInstanceOf(Judgement.Accepted.class);
            }
        } finally {
            senders.shutdownNow();
            gathering.stop();
        }
        long commits = database.commits() - before;

        assertThat(commits).isBetween(MESSAGES / 100L, (long) MOST_COMMITS);
        assertThat(database.jdbc()
                        .sql("select count(*) from run where state = 'RUNNING'")
                        .query(Integer.class)
                        .single())
                .isEqualTo(MESSAGES);
    }
}
