package io.syncline.scheduler.run;

import static io.syncline.scheduler.testing.GroupFixture.aGroup;
import static io.syncline.scheduler.testing.ReportFixture.completed;
import static io.syncline.scheduler.testing.ReportFixture.failed;
import static io.syncline.scheduler.testing.ReportFixture.running;
import static io.syncline.scheduler.testing.SettableClock.NOON;
import static io.syncline.scheduler.testing.TaskFixture.DOWNSTREAM;
import static io.syncline.scheduler.testing.TaskFixture.aSyncTask;
import static io.syncline.scheduler.testing.TaskFixture.anAsyncTask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.syncline.scheduler.catalog.HeldMode;
import io.syncline.scheduler.store.Ids;
import io.syncline.scheduler.testing.FixedTaskGroups;
import io.syncline.scheduler.testing.GroupFixture;
import io.syncline.scheduler.testing.HeardSignals;
import io.syncline.scheduler.testing.ReportFixture;
import io.syncline.scheduler.testing.SettableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The two state tables: as agreed, really walked, and drawn. {@code -Dsyncline.docs.rewrite=true} draws them anew. */
class RunStateTest {

    private static final String REWRITE = "syncline.docs.rewrite";

    /** The agreed arrows, written down a second time on purpose. */
    private static final Map<String, Set<String>> RUN = Map.of(
            "QUEUED", Set.of("RUNNING", "CANCELLED", "SKIPPED"),
            "RUNNING", Set.of("COMPLETED", "FAILED", "CANCELLED"),
            "COMPLETED", Set.of(),
            "FAILED", Set.of("QUEUED", "COMPLETED"),
            "CANCELLED", Set.of("QUEUED"),
            "SKIPPED", Set.of());

    private static final Map<String, Set<String>> TASK_RUN = Map.of(
            "WAITING", Set.of("DUE", "CANCELLED", "SKIPPED"),
            "DUE", Set.of("CALLING", "RUNNING", "COMPLETED", "FAILED", "CANCELLED", "SKIPPED"),
            "CALLING", Set.of("RUNNING", "DUE", "COMPLETED", "FAILED", "CANCELLED", "SKIPPED"),
            "RUNNING", Set.of("DUE", "COMPLETED", "FAILED", "CANCELLED", "SKIPPED"),
            "FAILED", Set.of("DUE", "WAITING", "COMPLETED", "SKIPPED"),
            "CANCELLED", Set.of("WAITING"),
            "COMPLETED", Set.of(),
            "SKIPPED", Set.of());

    private static final Operator OPERATOR = new Operator("ada", "because");

    private final SettableClock clock = SettableClock.atNoon();
    private final FixedTaskGroups groups = new FixedTaskGroups();
    private final InMemoryRunStore store = new InMemoryRunStore(clock, "node");
    private final RandomGenerator noSpread = () -> 0L;
    private final Runs runs = new Runs(store, groups, noSpread, work -> {}, moves -> {}, HeardSignals.DEAF, "node");
    private int number;

    @Test
    void everyPairOfRunStatesIsAsAgreed() {
        for (RunState from : RunState.values()) {
            for (RunState to : RunState.values()) {
                assertThat(from.successors().contains(to))
                        .as(from + " → " + to)
                        .isEqualTo(RUN.get(from.name()).contains(to.name()));
            }
        }
    }

    @Test
    void everyPairOfTaskRunStatesIsAsAgreed() {
        for (TaskRunState from : TaskRunState.values()) {
            for (TaskRunState to : TaskRunState.values()) {
                assertThat(from.successors().contains(to))
                        .as(from + " → " + to)
                        .isEqualTo(TASK_RUN.get(from.name()).contains(to.name()));
            }
        }
    }

    @Test
    void completedAndSkippedAbsorb() {
        assertThat(RunState.COMPLETED.successors()).isEmpty();
        assertThat(RunState.SKIPPED.successors()).isEmpty();
        assertThat(TaskRunState.COMPLETED.successors()).isEmpty();
        assertThat(TaskRunState.SKIPPED.successors()).isEmpty();
        assertThat(Arrays.stream(TaskRunState.values()).filter(TaskRunState::opensTheBarrier))
                .containsExactlyInAnyOrder(TaskRunState.COMPLETED, TaskRunState.SKIPPED);
    }

    @Test
    void aMoveThatTheTableDoesNotHaveIsAnError() {
        var run = start(aGroup("g").with(aSyncTask("a")), "k");
        report(run, completed());
        var task = store.inTransaction(() ->
                store.lock(List.of(run), List.of()).runs().get(run).taskRuns.get(0));

        assertThatThrownBy(() -> task.becomeDue(MoveCause.BARRIER_OPEN, NOON))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("COMPLETED")
                .hasMessageContaining("DUE");
        assertThatThrownBy(() -> task.cancel(OPERATOR, NOON)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void everyArrowInUseIsWalkedByTheWorkItIsFor() {
        walkThroughReports();
        walkThroughCalls();
        walkThroughTimeOuts();
        walkThroughCancels();
        walkThroughReruns();
        walkThroughPause();
        walkThroughTaskActions();

        var walked = new TreeSet<String>();
        for (InMemoryRunStore.Entry entry : store.journal()) {
            var move = entry.move();
            if (move.from() != null) {
                walked.add((move.taskRunId() == null ? "run " : "task ") + move.from() + ">" + move.to());
            }
        }
        var agreed = new TreeSet<String>();
        RUN.forEach((from, all) -> all.forEach(to -> agreed.add("run " + from + ">" + to)));
        TASK_RUN.forEach((from, all) -> all.forEach(to -> agreed.add("task " + from + ">" + to)));
        assertThat(walked).isEqualTo(agreed);
    }

    private void walkThroughTaskActions() {
        act(one(), TaskAction.SKIP);
        var called = one();
        claim();
        act(called, TaskAction.SKIP);
        var accepted = one();
        report(accepted, running());
        act(accepted, TaskAction.SKIP);
        var skipped = one();
        report(skipped, failed().retryable(false));
        act(skipped, TaskAction.SKIP);
        var done = one();
        report(done, failed().retryable(false));
        act(done, TaskAction.MARK_DONE);
    }

    private void act(String runId, TaskAction action) {
        var task = store.inTransaction(() ->
                store.lock(List.of(runId), List.of()).runs().get(runId).taskRuns.get(0));
        assertThat(runs.act(task.taskRunId, action, null, (id, attempt, callback) -> null, OPERATOR, false))
                .isInstanceOf(TaskActionResult.Applied.class);
    }

    private void walkThroughReports() {
        var due = one();
        report(due, running());
        report(due, failed());
        report(due, completed());
        var notRetryable = one();
        report(notRetryable, failed().retryable(false));
        var behind = start(aGroup("behind").with(aSyncTask("a"), aSyncTask("b")), "k");
        report(behind, failed().retryable(false));
        var calling = one();
        claim();
        report(calling, running());
        report(calling, failed().retryable(false));
        var done = one();
        claim();
        report(done, running());
        report(done, completed());
    }

    private void walkThroughCalls() {
        answer(one(), new CallResult.Unknown("reset"));
        answer(one(), new CallResult.Accepted());
        answer(one(), new CallResult.Refused("answered 404"));
        answer(one(), new CallResult.Reported(completed().build()));
    }

    private void walkThroughTimeOuts() {
        one();
        clock.advance(Duration.ofDays(1));
        runs.sweep();
    }

    private void walkThroughCancels() {
        runs.cancel(one(), OPERATOR, false);
        var calling = one();
        claim();
        runs.cancel(calling, OPERATOR, false);
        var running = one();
        report(running, running());
        runs.cancel(running, OPERATOR, false);
        var group = groups.put(aGroup("ordered").with(aSyncTask("a")));
        start(group.key(), "k");
        runs.cancel(start(group.key(), "k"), OPERATOR, false);
    }

    private void walkThroughReruns() {
        var group = start(aGroup("rerun").with(anAsyncTask("a"), anAsyncTask("b")), "k");
        report(group, failed().retryable(false));
        runs.rerunFailed(group, OPERATOR, false);
        var failedRun = one();
        report(failedRun, failed().retryable(false));
        runs.rerunFailed(failedRun, OPERATOR, false);
        var cancelled = one();
        runs.cancel(cancelled, OPERATOR, false);
        runs.rerunFailed(cancelled, OPERATOR, false);
    }

    private void walkThroughPause() {
        groups.put(aGroup("paused").with(aSyncTask("a")));
        groups.pause("paused", clock.now());
        start("paused", "k");
        groups.resume("paused");
        runs.release("paused", HeldMode.NONE, clock.now());
    }

    private String one() {
        return start(aGroup("one").with(aSyncTask("a")), "k" + number++);
    }

    private String start(GroupFixture group, String key) {
        return start(groups.put(group).key(), key);
    }

    private String start(String group, String key) {
        return runs.start(List.of(new NewRun(groups.current(group).orElseThrow(), key, key, Ids.next(), "{}", null)))
                .get(0)
                .runId();
    }

    private List<ClaimedTask> claim() {
        return runs.claim(DOWNSTREAM, 1000);
    }

    private void answer(String run, CallResult result) {
        var claims = claim().stream().filter(claim -> claim.runId().equals(run)).toList();
        runs.record(List.of(new CallOutcome(claims.get(0), result)));
    }

    private void report(String runId, ReportFixture report) {
        var task = store.inTransaction(() ->
                store.lock(List.of(runId), List.of()).runs().get(runId).taskRuns.get(0));
        report.id(Ids.next()).attempt(task.attempt);
        Judging.judge(runs, List.of(new IncomingReport(task.taskRunId, report.build())));
    }

    // ---- the page

    @Test
    void thePageOfStatesShowsTheTables() throws IOException {
        var page = projectRoot().resolve("docs").resolve("states.md");
        var drawn = page();
        if (Boolean.getBoolean(REWRITE)) {
            Files.createDirectories(page.getParent());
            Files.writeString(page, drawn);
        }

        assertThat(page)
                .as("run this test with -D" + REWRITE + "=true and commit the page")
                .exists();
        assertThat(Files.readString(page))
                .as("docs/states.md is out of date: run this test with -D" + REWRITE + "=true and commit the page")
                .isEqualTo(drawn);
    }

    private static Path projectRoot() {
        var folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("mvnw"))) {
            folder = folder.getParent();
        }
        return folder;
    }

    private static String page() {
        var lines = new ArrayList<String>();
        lines.add("# States");
        lines.add("");
        lines.add("Drawn from `RunState` and `TaskRunState` by `RunStateTest`; change those, not this page.");
        draw("Run", RunState.values(), RunState::successors, RunState::isEnded, lines);
        draw("Task run", TaskRunState.values(), TaskRunState::successors, TaskRunState::isEnded, lines);
        return String.join("\n", lines) + "\n";
    }

    private static <S extends Enum<S>> void draw(
            String title,
            S[] states,
            Function<S, ? extends Collection<S>> successors,
            Function<S, Boolean> ended,
            List<String> lines) {
        lines.addAll(List.of("", "## " + title, "", "| from | to | |", "|---|---|---|"));
        for (S from : states) {
            var to = successors.apply(from).stream().sorted().map(Enum::name).collect(Collectors.joining(", "));
            var note =
                    !ended.apply(from) ? "open" : to.isEmpty() ? "ended for good" : "ended; left by an operator alone";
            lines.add("| " + from + " | " + (to.isEmpty() ? "–" : to) + " | " + note + " |");
        }
        lines.addAll(List.of("", "```mermaid", "stateDiagram-v2", "    [*] --> " + states[0]));
        for (S from : states) {
            successors.apply(from).stream().sorted().forEach(to -> lines.add("    " + from + " --> " + to));
            if (successors.apply(from).isEmpty()) {
                lines.add("    " + from + " --> [*]");
            }
        }
        lines.add("```");
    }
}
