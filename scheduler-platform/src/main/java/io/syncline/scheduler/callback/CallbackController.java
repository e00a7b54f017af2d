package io.syncline.scheduler.callback;

import io.syncline.contracts.CallbackAnswer;
import io.syncline.scheduler.run.ReportReader;
import io.syncline.scheduler.security.CallbackRoute;
import io.syncline.scheduler.security.Caller;
import io.syncline.scheduler.security.ProblemException;
import io.syncline.scheduler.security.RequestClock;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Status reports of downstreams, answered after the commit. */
@RestController
class CallbackController {

    private final CallbackIntake intake;
    private final CallbackProperties properties;

    CallbackController(CallbackIntake intake, CallbackProperties properties) {
        this.intake = intake;
        this.properties = properties;
    }

    @CallbackRoute
    @PostMapping(
            path = "/api/v1/task-runs/{taskRunId}/callbacks",
            consumes = MediaType.APPLICATION_JSON_VALUE,
            produces = MediaType.APPLICATION_JSON_VALUE)
    CallbackAnswer callback(
            @PathVariable String taskRunId, Caller caller, @RequestBody(required = false) byte @Nullable [] body) {
        var bytes = body == null ? new byte[0] : body;
        var reply = intake.accept(
                taskRunId, caller, ReportReader.read(bytes, true), new String(bytes, StandardCharsets.UTF_8));
        if (reply == null) {
            throw notStored("Too many callbacks are waiting to be stored.");
        }
        try {
            var outcome = reply.get(RequestClock.left(properties.patience()).toMillis(), TimeUnit.MILLISECONDS);
            if (outcome instanceof CallbackReply.Refused refused) {
                throw refused.problem();
            }
            return ((CallbackReply.Answered) outcome).answer();
        } catch (TimeoutException e) {
            throw notStored("The callback was not stored in time.");
        } catch (ExecutionException e) {
            throw notStored("The callback could not be stored.").cause(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw notStored("The platform is stopping.");
        }
    }

    private static ProblemException notStored(String detail) {
        return ProblemException.of(503, "not-stored", "Not known to be stored")
                .detail(detail + " Send it again with the same callbackId; that is safe.")
                .header("Retry-After", "1");
    }
}
