package io.syncline.scheduler.dispatch;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One sync call outside any run, and what came of it. Secrets are hidden in all of it.
 *
 * @param version of the group whose task was called
 * @param outcome how a run would take the answer, in the words of a call of a run; null: nothing was sent
 * @param detail one sentence beside the outcome
 * @param request null: it could not be made
 * @param response null: there was none
 */
public record TestCall(
        String group,
        int version,
        String task,
        String system,
        String runId,
        String taskRunId,
        boolean dryRun,
        @Nullable String outcome,
        @Nullable String detail,
        long durationMs,
        List<Step> steps,
        @Nullable Request request,
        @Nullable Response response) {

    /** How a step ended. */
    public enum Status {
        OK,
        FAILED,
        SKIPPED
    }

    /** @param step request, slot, call or answer */
    public record Step(String step, Status status, long durationMs, String detail) {}

    /**
     * @param url with the instance that was called; the path alone when nothing was sent
     * @param auth the kind of authentication
     * @param cut the body is longer than what is shown
     */
    public record Request(
            String method, String url, String auth, Map<String, String> headers, String body, boolean cut) {

        public Request {
            headers = Map.copyOf(headers);
        }
    }

    /** @param cut the body is longer than what is shown */
    public record Response(String instance, int status, Map<String, String> headers, String body, boolean cut) {

        public Response {
            headers = Map.copyOf(headers);
        }
    }

    public TestCall {
        steps = List.copyOf(steps);
    }
}
