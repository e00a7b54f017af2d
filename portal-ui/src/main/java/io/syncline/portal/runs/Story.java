package io.syncline.portal.runs;

import io.syncline.portal.page.Moments;
import io.syncline.portal.page.Numbers;
import io.syncline.portal.runs.History.MoveView;
import io.syncline.portal.runs.RunView.CallView;
import io.syncline.portal.runs.RunView.CallbackView;
import io.syncline.portal.runs.RunView.TaskRunView;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Says in sentences what happened to a run and why. */
final class Story {

    private static final int MOST_CAUSES = 5;

    private final RunView run;
    private final List<TaskRunView> tasks;
    private final List<MoveView> moves;
    private final Moments moments;

    private Story(RunView run, List<MoveView> moves, Moments moments) {
        this.run = run;
        this.tasks = run.taskRunsOrNone();
        this.moves = moves;
        this.moments = moments;
    }

    /** @param moves as far as they are known */
    static List<String> of(RunView run, List<MoveView> moves, Moments moments) {
        return new Story(run, moves, moments).sentences();
    }

    private List<String> sentences() {
        if (run.isPurged()) {
            return List.of(purged());
        }
        var sentences = new ArrayList<String>();
        switch (run.state()) {
            case "FAILED" -> sentences.addAll(failures());
            case "RUNNING" -> {
                sentences.addAll(failures());
                sentences.add(underWay());
            }
            case "QUEUED" -> sentences.add(queued());
            case "COMPLETED" -> sentences.add(completed());
            case "CANCELLED" -> sentences.add(cancelled());
            case "SKIPPED" -> sentences.add(skipped());
            default -> sentences.add("The run is " + run.state() + ".");
        }
        return sentences;
    }

    private String purged() {
        var counts = run.tasks();
        var came = counts == null
                ? ""
                : " Of %s %d completed and %d failed%s."
                        .formatted(
                                Numbers.counted(counts.total(), "task", "tasks"),
                                counts.completed(),
                                counts.failed(),
                                run.cause() == null ? "" : " (" + run.cause() + ")");
        return "The run ended %s.%s".formatted(run.state(), came);
    }

    private List<String> failures() {
        var failed =
                tasks.stream().filter(task -> "FAILED".equals(task.state())).toList();
        var sentences = new ArrayList<String>();
        for (var task : failed.subList(0, Math.min(MOST_CAUSES, failed.size()))) {
            sentences.add("Task %s failed: %s".formatted(task.task(), ended(why(task))));
        }
        if (failed.size() > MOST_CAUSES) {
            sentences.add("So did %s more.".formatted(Numbers.counted(failed.size() - MOST_CAUSES, "task", "tasks")));
        }
        var blocked = tasks.stream()
                .filter(task -> "CANCELLED".equals(task.state()) && "PREDECESSOR_FAILED".equals(task.cause()))
                .map(TaskRunView::task)
                .toList();
        if (!blocked.isEmpty()) {
            sentences.add("%s %s not started because of it."
                    .formatted(listed(blocked), blocked.size() == 1 ? "was" : "were"));
        }
        return sentences;
    }

    private String why(TaskRunView task) {
        var said = said(task);
        var attempts = task.attempt() != null && task.attempt() > 1 ? " after " + task.attempt() + " attempts" : "";
        return switch (task.cause() == null ? "" : task.cause()) {
            case "REPORTED_FAILED" -> "the downstream reported FAILED" + attempts + said;
            case "TIMED_OUT" ->
                "it had not ended when its time was over"
                        + (task.deadline() == null
                                ? ""
                                : " at " + moments.of(task.deadline()).text())
                        + lastCall(task) + said;
            case "REFUSED" -> "the downstream refused the call" + lastCall(task) + said;
            case "RECONCILIATION_MISMATCH" -> "its numbers do not balance" + balance(task);
            case "RECONCILIATION_MISSING" -> "it reported COMPLETED without the counts that the task requires";
            case "OPERATOR" -> "an operator ended it" + said;
            default -> (task.cause() == null ? "no cause is known" : task.cause()) + said;
        };
    }

    private static String said(TaskRunView task) {
        return task.message() == null || task.message().isBlank()
                ? ""
                : ": “" + task.message().strip() + "”";
    }

    private static String lastCall(TaskRunView task) {
        var calls = task.callsOrNone().stream().filter(CallView::isOfWork).toList();
        if (calls.isEmpty()) {
            return "";
        }
        var last = calls.get(calls.size() - 1);
        return last.status() == null
                ? ", the last of %s got no answer".formatted(Numbers.counted(calls.size(), "call", "calls"))
                : ", the last of %s was answered %d"
                        .formatted(Numbers.counted(calls.size(), "call", "calls"), last.status());
    }

    private static String balance(TaskRunView task) {
        var balance = task.reconciliation();
        return balance == null
                ? ""
                : ": expected %s rows, found %s; %s missing, %s unexpected, %s different"
                        .formatted(
                                Numbers.grouped(balance.expectedRows()),
                                Numbers.grouped(balance.actualRows()),
                                Numbers.grouped(balance.missing()),
                                Numbers.grouped(balance.unexpected()),
                                Numbers.grouped(balance.different()));
    }

    private String underWay() {
        var done = tasks.stream().filter(task -> isDone(task.state())).count();
        var atWork = names(List.of("CALLING", "RUNNING"));
        var due = names(List.of("DUE"));
        var waiting = names(List.of("WAITING"));
        var parts = new ArrayList<String>();
        parts.add("%d of %s done".formatted(done, Numbers.counted(tasks.size(), "task is", "tasks are")));
        if (!atWork.isEmpty()) {
            parts.add("%s %s under way".formatted(listed(atWork), atWork.size() == 1 ? "is" : "are"));
        }
        if (!due.isEmpty()) {
            parts.add("%s %s to be called".formatted(listed(due), due.size() == 1 ? "is" : "are"));
        }
        if (!waiting.isEmpty()) {
            parts.add("%s %s".formatted(listed(waiting), waiting.size() == 1 ? "waits" : "wait"));
        }
        return String.join("; ", parts) + ".";
    }

    private String queued() {
        return tasks.stream()
                .map(TaskRunView::waitsFor)
                .filter(Objects::nonNull)
                .map(sentence -> Objects.requireNonNull(Sentences.localised(sentence, moments)))
                .findFirst()
                .orElse("The run waits for its turn.");
    }

    private String completed() {
        var all = tasks.size();
        var byHand = tasks.stream()
                .filter(task -> Boolean.TRUE.equals(task.manual()))
                .map(TaskRunView::task)
                .toList();
        var skipped = names(List.of("SKIPPED"));
        var sentence = new StringBuilder(
                all == 0 ? "The run completed" : all == 1 ? "Its task completed" : "All " + all + " tasks completed");
        sentence.append(" in ").append(Moments.span(run.startedAt(), run.endedAt()));
        if (!byHand.isEmpty()) {
            sentence.append("; ")
                    .append(listed(byHand))
                    .append(byHand.size() == 1 ? " was" : " were")
                    .append(" marked done by hand");
        }
        if (!skipped.isEmpty()) {
            sentence.append("; ")
                    .append(listed(skipped))
                    .append(skipped.size() == 1 ? " was" : " were")
                    .append(" skipped");
        }
        return sentence.append('.').toString();
    }

    private String cancelled() {
        var move = lastOfRun("CANCELLED");
        var by = move == null || move.actor() == null ? "The run was cancelled" : move.actor() + " cancelled the run";
        var because = move == null || move.detail() == null ? "" : ": “" + move.detail() + "”";
        var undone = tasks.stream().filter(task -> !isDone(task.state())).count();
        return ended(by + because)
                + (undone == 0 ? "" : " %s not done.".formatted(Numbers.counted(undone, "task was", "tasks were")));
    }

    private String skipped() {
        if (run.mergedInto() != null) {
            return "It did not run: a newer message for the same key came, and the newer run does the work.";
        }
        var move = lastOfRun("SKIPPED");
        return switch (move == null ? "" : move.cause()) {
            case "KEY_TAKEN" ->
                "It did not run: another run of its key was active, and the group leaves out what comes then.";
            case "RELEASED_BY_NOBODY" ->
                "It did not run: it came while the group was paused, and the resume left it out.";
            default -> "It did not run.";
        };
    }

    private @Nullable MoveView lastOfRun(String state) {
        return moves.stream()
                .filter(move -> move.taskRunId() == null && state.equals(move.to()))
                .reduce((first, second) -> second)
                .orElse(null);
    }

    private List<String> names(List<String> states) {
        return tasks.stream()
                .filter(task -> states.contains(task.state()))
                .map(TaskRunView::task)
                .toList();
    }

    private static boolean isDone(String state) {
        return "COMPLETED".equals(state) || "SKIPPED".equals(state);
    }

    private static String ended(String sentence) {
        return sentence.endsWith(".") || sentence.endsWith(".”") || sentence.endsWith("!") ? sentence : sentence + ".";
    }

    /** {@code a}; {@code a and b}; {@code a, b and c}. */
    static String listed(List<String> names) {
        if (names.size() <= 1) {
            return String.join("", names);
        }
        return names.subList(0, names.size() - 1).stream().collect(Collectors.joining(", "))
                + " and "
                + names.get(names.size() - 1);
    }

    /** Why a report changed nothing, in words. */
    static String notApplied(CallbackView report) {
        return switch (report.reason() == null ? "" : report.reason()) {
            case "DUPLICATE" -> "DUPLICATE, the same callback came before";
            case "STALE_ATTEMPT" -> "STALE_ATTEMPT, a later attempt had begun";
            case "ALREADY_ENDED" -> "ALREADY_ENDED, it came too late";
            case "OUT_OF_ORDER" -> "OUT_OF_ORDER, a later one had come before";
            default -> report.reason() == null ? "no reason is known" : report.reason();
        };
    }
}
