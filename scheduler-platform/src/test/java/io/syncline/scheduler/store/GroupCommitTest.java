package io.syncline.scheduler.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GroupCommitTest {

    private static final Duration SOON = Duration.ofSeconds(10);

    private final List<List<Integer>> written = new CopyOnWriteArrayList<>();
    private final Semaphore mayWrite = new Semaphore(0);
    private GroupCommit<Integer> commits = commits(1, 3, 5);

    private GroupCommit<Integer> commits(int writers, int batch, int waiting) {
        return new GroupCommit<>(
                "numbers", new GroupCommit.Bounds(writers, batch, Duration.ZERO, waiting), this::write);
    }

    private void write(List<Integer> batch) {
        mayWrite.acquireUninterruptibly();
        written.add(List.copyOf(batch));
        if (batch.contains(13)) {
            throw new IllegalStateException("thirteen");
        }
        if (batch.contains(14)) {
            throw new StackOverflowError("fourteen");
        }
    }

    /** Until a writer has taken one, so that all others wait behind it. */
    private void keepBusyWith(int number) {
        assertThat(commits.offer(number)).isTrue();
        await().atMost(SOON).until(mayWrite::hasQueuedThreads);
    }

    @AfterEach
    void stop() {
        mayWrite.release(1000);
        commits.stop();
    }

    @Test
    void whatComesWhileOneIsWrittenIsWrittenTogetherInItsOrder() {
        commits.start();
        keepBusyWith(0);
        IntStream.rangeClosed(1, 4).forEach(commits::offer);

        mayWrite.release(3);

        await().atMost(SOON).until(() -> written.size() == 3);
        assertThat(written).containsExactly(List.of(0), List.of(1, 2, 3), List.of(4));
    }

    @Test
    void moreThanMayWaitIsNotTaken() {
        commits.start();
        keepBusyWith(0);
        IntStream.rangeClosed(1, 5)
                .forEach(number -> assertThat(commits.offer(number)).isTrue());

        assertThat(commits.offer(6)).isFalse();

        mayWrite.release(1);
        await().atMost(SOON).until(() -> commits.offer(6));
    }

    @Test
    void whatIsWithdrawnWhileItWaitsIsNotWrittenAndItsPlaceIsFree() {
        commits.start();
        keepBusyWith(0);
        IntStream.rangeClosed(1, 5).forEach(commits::offer);

        assertThat(commits.withdraw(2)).isTrue();
        assertThat(commits.withdraw(2)).isFalse();
        assertThat(commits.withdraw(0)).as("in a writer's hands").isFalse();
        assertThat(commits.waiting()).isEqualTo(4);
        assertThat(commits.offer(6)).isTrue();
        mayWrite.release(3);

        await().atMost(SOON).until(() -> written.size() == 3);
        assertThat(written).containsExactly(List.of(0), List.of(1, 3, 4), List.of(5, 6));
    }

    @Test
    void aWriterThatFailsGoesOn() {
        commits.start();
        mayWrite.release(3);

        for (int number : new int[] {13, 14, 15}) {
            assertThat(commits.offer(number)).isTrue();
            await().atMost(SOON).until(() -> written.contains(List.of(number)));
        }
    }

    @Test
    void whatWaitsWhenItStopsIsWritten() throws Exception {
        commits.start();
        keepBusyWith(0);
        IntStream.rangeClosed(1, 4).forEach(commits::offer);
        var stopping = new Thread(commits::stop);
        stopping.start();
        await().atMost(SOON).until(() -> !commits.isRunning());

        mayWrite.release(3);
        stopping.join(SOON.toMillis());

        var all = new ArrayList<Integer>();
        written.forEach(all::addAll);
        assertThat(all).containsExactly(0, 1, 2, 3, 4);
    }

    @Test
    void oneWriterThatIsHeldUpLeavesTheRestToTheOther() {
        commits = commits(2, 3, 5);
        commits.start();
        keepBusyWith(0);
        assertThat(commits.offer(1)).isTrue();

        await().atMost(SOON).until(() -> mayWrite.getQueueLength() == 2);
    }

    @Test
    void nothingIsTakenBeforeItStarts() {
        assertThat(commits.offer(1)).isFalse();
    }
}
