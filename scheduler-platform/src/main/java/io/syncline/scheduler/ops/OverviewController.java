package io.syncline.scheduler.ops;

import io.syncline.scheduler.ops.OverviewView.Counts;
import io.syncline.scheduler.security.Caller;
import io.syncline.scheduler.security.RequiresScope;
import io.syncline.scheduler.security.Scope;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
class OverviewController {

    private final Overviews overviews;

    OverviewController(Overviews overviews) {
        this.overviews = overviews;
    }

    /** What needs somebody now, what runs, what is due and how groups have done, as far as it is within reach. */
    @GetMapping("/api/v1/overview")
    @RequiresScope(Scope.RUNS_READ)
    OverviewView overview(Caller caller) {
        return overviews.overview(caller);
    }

    /** The counts of the overview alone, for badges on other pages. */
    @GetMapping("/api/v1/overview/counts")
    @RequiresScope(Scope.RUNS_READ)
    Counts counts(Caller caller) {
        return overviews.counts(caller);
    }
}
