package io.syncline.scheduler.trigger;

import static io.syncline.scheduler.testing.GroupFixture.aGroup;
import static io.syncline.scheduler.testing.SettableClock.NOON;
import static io.syncline.scheduler.testing.TaskFixture.aSyncTask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.syncline.scheduler.security.ProblemException;
import io.syncline.scheduler.testing.FixedTaskGroups;
import io.syncline.scheduler.testing.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Messages for a database that does not answer for a while. */
class GatheringIntakeTest {

    private static final Duration LONG = Duration.ofSeconds(2);
    private static final Duration SHORT = Duration.ofMillis(1);
    private static final Duration SOON = Duration.ofSeconds(30);

    /** Has a permit for each message that may be judged. */
    private final Semaphore databaseAnswers = new Semaphore(0);

    private final TestDatabase database = TestDatabase.h2();
    private final FixedTaskGroups groups = new FixedTaskGroups();
    private @Nullable GatheringIntake gathering;

    /** Judges one at a time. */
    private GatheringIntake start(int waiting, Duration patience) {
        groups.put(aGroup("g").with(aSyncTask("a")).triggeredBy("/billing", "ready"));
        gathering = new GatheringIntake(
                TestIntakes.on(database, groups, this::noonOnceItAnswers),
                new TriggerProperties(1, Duration.ofSeconds(1), 1, 1, Duration.ZERO, waiting, patience));
        gathering.start();
        return gathering;
    }

    @AfterEach
    void stop() {
        databaseAnswers.release(1000);
        gathering().stop();
    }

    private GatheringIntake gathering() {
        return Objects.requireNonNull(gathering);
    }

    @Test
    void oneMoreThanMayWaitIsToldToComeAgainAndIsNotKept() {
        var gathering = start(1, LONG);
        var beingJudged = send("being-judged");
        await().atMost(SOON).until(databaseAnswers::hasQueuedThreads);
        var waiting = send("waiting");
        await().atMost(SOON).until(() -> gathering.waiting() == 1);

        var tooMany = refusalOf("too-many");
        databaseAnswers.release(2);
        assertThat(beingJudged).succeedsWithin(SOON);
        assertThat(waiting).succeedsWithin(SOON);
        gathering.stop();
        var stopping = refusalOf("stopping");

        assertThat(tooMany.getMessage()).startsWith("429 overloaded");
        assertThat(stopping.getMessage()).startsWith("503 not-stored: The platform is stopping.");
        for (var refusal : List.of(tooMany, stopping)) {
            assertThat(refusal.headers()).containsEntry("Retry-After", "1");
        }
        assertThat(kept()).containsExactly("being-judged", "waiting");
    }

    @Test
    void whoseTimeIsOutWhileTheDatabaseIsSilentIsNotKeptUnlessItIsInHand() {
        var gathering = start(10, SHORT);
        var inHand = refusalOf("in-hand");
        await().atMost(SOON).until(databaseAnswers::hasQueuedThreads);
        var waiting = refusalOf("waiting");
        assertThat(gathering.waiting()).isZero();
        databaseAnswers.release(2);
        gathering.stop();

        for (var refusal : List.of(inHand, waiting)) {
            assertThat(refusal.getMessage()).startsWith("503 not-stored: The message was not stored in time.");
            assertThat(refusal.headers()).containsEntry("Retry-After", "1");
        }
        assertThat(kept()).containsExactly("in-hand");
    }

    @Test
    void whoseTimeIsOutBehindOthersThatAreStoredIsToldThatTheyAreTooMany() {
        var gathering = start(10, LONG);
        var stored = send("a-stored");
        await().atMost(SOON).until(databaseAnswers::hasQueuedThreads);
        var inHand = send("b-in-hand");
        await().atMost(SOON).until(() -> gathering.waiting() == 1);
        var behind = send("c-behind");
        await().atMost(SOON).until(() -> gathering.waiting() == 2);
        databaseAnswers.release(1);
        assertThat(stored).succeedsWithin(SOON);

        assertThat(behind)
                .failsWithin(SOON)
                .withThrowableThat()
                .havingRootCause()
                .withMessageStartingWith("429 overloaded");
        databaseAnswers.release(1);
        assertThat(inHand).as("in a transaction when its time was out").succeedsWithin(SOON);
        gathering.stop();
        assertThat(kept()).containsExactly("a-stored", "b-in-hand");
    }

    private List<String> kept() {
        return database.jdbc()
                .sql("select message_id from trigger_message order by message_id")
                .query(String.class)
                .list();
    }

    private CompletableFuture<Judgement> send(String id) {
        return CompletableFuture.supplyAsync(() -> accept(id));
    }

    private ProblemException refusalOf(String id) {
        return catchThrowableOfType(ProblemException.class, () -> accept(id));
    }

    private Judgement accept(String id) {
        var event = CloudEventReader.structured("""
                {"specversion":"1.0","id":"%1$s","source":"/billing","type":"ready","subject":"%1$s"}""".formatted(id).getBytes(StandardCharsets.UTF_8));
        return gathering().accept(event, new Sender("sender", null, "REST", null));
    }

    /** It is asked more than once for a message; the transaction that judges it waits at the first time. */
    private Instant noonOnceItAnswers() {
        if (!TransactionSynchronizationManager.hasResource(this)) {
            databaseAnswers.acquireUninterruptibly();
            TransactionSynchronizationManager.bindResource(this, "answers");
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void afterCompletion(int status) {
                    TransactionSynchronizationManager.unbindResource(GatheringIntakeTest.this);
                }
            });
        }
        return NOON;
    }
}
