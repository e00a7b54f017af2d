package io.syncline.scheduler.ops;

import io.swagger.v3.oas.annotations.Parameter;
import io.syncline.scheduler.security.Caller;
import io.syncline.scheduler.security.ProblemException;
import io.syncline.scheduler.security.RequiresScope;
import io.syncline.scheduler.security.Scope;
import io.syncline.scheduler.store.DatabaseClock;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
class SlaController {

    private final Slas slas;
    private final DatabaseClock clock;

    SlaController(Slas slas, DatabaseClock clock) {
        this.slas = slas;
        this.clock = clock;
    }

    /** How groups have done: on time, late, failed, how long they took, how old their last success is. */
    @GetMapping("/api/v1/sla")
    @RequiresScope(Scope.RUNS_READ)
    SlaView.Groups all(
            Caller caller,
            @Parameter(description = "runs made at or after this time; 30 days before 'to' if left out")
                    @RequestParam(required = false)
                    @Nullable
                    String from,
            @Parameter(description = "runs made before this time; now if left out")
                    @RequestParam(required = false)
                    @Nullable
                    String to) {
        return slas.all(SlaRange.of(from, to, null, clock.now()), caller.labels());
    }

    /** The same of one group, day by day, with the causes of its failures, its error budget and its slowest tasks. */
    @GetMapping("/api/v1/groups/{key}/sla")
    @RequiresScope(Scope.RUNS_READ)
    SlaView.OneGroup one(
            Caller caller,
            @PathVariable String key,
            @Parameter(description = "runs made at or after this time; 30 days before 'to' if left out")
                    @RequestParam(required = false)
                    @Nullable
                    String from,
            @Parameter(description = "runs made before this time; now if left out")
                    @RequestParam(required = false)
                    @Nullable
                    String to,
            @Parameter(description = "whose days are told apart; UTC if left out")
                    @RequestParam(required = false)
                    @Nullable
                    String zone,
            @Parameter(description = "percent of the runs that are to be on time, 50 to 99.999; 99 if left out")
                    @RequestParam(required = false)
                    @Nullable
                    String objective) {
        return slas.one(key, SlaRange.of(from, to, zone, clock.now()), SlaRange.objective(objective), caller.labels())
                .orElseThrow(() -> ProblemException.of(404, "not-found", "Not found")
                        .detail("There is no task group '" + key + "'."));
    }
}
