package io.syncline.portal.runs;

import io.syncline.portal.platform.Person;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An action as a page offers it.
 *
 * @param address of the page that asks before it
 * @param whyNot null: it is allowed now
 */
record Choice(
        String id, String label, String address, @Nullable String whyNot) {

    private static final String OPERATE = "runs:operate";

    static List<Choice> ofRun(RunView run, Person person, Collection<RunDeed> deeds) {
        return deeds.stream()
                .map(deed -> new Choice(
                        deed.path(),
                        deed.label(),
                        "/runs/" + run.runId() + "/actions/" + deed.path(),
                        whyNot(run.actionsOrNone().contains(deed.wire()), person, deed.when(), run.state())))
                .toList();
    }

    static List<Choice> ofTask(RunView.TaskRunView task, Person person) {
        return List.of(TaskDeed.values()).stream()
                .map(deed -> new Choice(
                        task.task() + "-" + deed.wire(),
                        deed.label(),
                        "/task-runs/" + task.taskRunId() + "/actions/" + deed.wire(),
                        whyNot(task.actionsOrNone().contains(deed.wire()), person, deed.when(), task.state())))
                .toList();
    }

    private static @Nullable String whyNot(boolean isAllowed, Person person, String when, String state) {
        if (isAllowed) {
            return null;
        }
        return mayOperate(person)
                ? "only " + when + "; now it is " + state
                : "needs the role operator; you have " + person.rolesInWords();
    }

    static boolean mayOperate(Person person) {
        return person.may(OPERATE);
    }

    public boolean isAllowed() {
        return whyNot == null;
    }
}
