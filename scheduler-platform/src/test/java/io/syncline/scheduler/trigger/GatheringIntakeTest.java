package io.syncline.scheduler.trigger;

import static io.syncline.scheduler.testing.GroupFixture.aGroup;
import static io.syncline.scheduler.testing.SettableClock.NOON;
import static io.syncline.scheduler.testing.TaskFixture.aSyncTask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.syncline.scheduler.security.ProblemException;
import io.syncline.scheduler.testing.FixedTaskGroups;
import io.syncline.scheduler.testing.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Messages for a database that does not answer for a while; one may wait behind the one that is being judged. */
class GatheringIntakeTest {

    private static final Duration PATIENCE = Duration.ofMillis(1);

    private final CountDownLatch judging = new CountDownLatch(1);
    private final CountDownLatch databaseAnswers = new CountDownLatch(1);
    private final TestDatabase database = TestDatabase.h2();
    private final FixedTaskGroups groups = new FixedTaskGroups();
    private final GatheringIntake gathering = new GatheringIntake(
            TestIntakes.on(database, groups, this::noonOnceItAnswers),
            new TriggerProperties(1, Duration.ofSeconds(1), 1, 1, Duration.ZERO, 1, PATIENCE));

    @AfterEach
    void stop() {
        databaseAnswers.countDown();
        gathering.stop();
    }

    @Test
    void oneMoreThanMayWaitIsToldToComeAgainAndIsNotKept() throws Exception {
        groups.put(aGroup("g").with(aSyncTask("a")).triggeredBy("/billing", "ready"));
        gathering.start();
        var beingJudged = refusalOf("being-judged");
        assertThat(judging.await(30, TimeUnit.SECONDS)).isTrue();
        var waiting = refusalOf("waiting");
        var tooMany = refusalOf("too-many");
        databaseAnswers.countDown();
        gathering.stop();
        var stopping = refusalOf("stopping");

        assertThat(beingJudged.getMessage()).startsWith("503 not-stored");
        assertThat(waiting.getMessage()).startsWith("503 not-stored");
        assertThat(tooMany.getMessage()).startsWith("429 overloaded");
        assertThat(stopping.getMessage()).startsWith("503 not-stored: The platform is stopping.");
        for (var refusal : new ProblemException[] {beingJudged, waiting, tooMany, stopping}) {
            assertThat(refusal.headers()).containsEntry("Retry-After", "1");
        }
        assertThat(database.jdbc()
                        .sql("select message_id from trigger_message order by message_id")
                        .query(String.class)
                        .list())
                .containsExactly("being-judged", "waiting");
    }

    private ProblemException refusalOf(String id) {
        var event = CloudEventReader.structured("""
                {"specversion":"1.0","id":"%1$s","source":"/billing","type":"ready","subject":"%1$s"}""".formatted(id).getBytes(StandardCharsets.UTF_8));
        return catchThrowableOfType(
                ProblemException.class, () -> gathering.accept(event, new Sender("sender", null, "REST", null)));
    }

    private Instant noonOnceItAnswers() {
        judging.countDown();
        try {
            assertThat(databaseAnswers.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return NOON;
    }
}
