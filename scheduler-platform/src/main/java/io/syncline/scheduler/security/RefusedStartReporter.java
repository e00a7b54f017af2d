package io.syncline.scheduler.security;

import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalysisReporter;

/** Prints why the platform does not start and what to do: two sentences for a person, where a log line has no breaks. */
final class RefusedStartReporter implements FailureAnalysisReporter {

    @Override
    public void report(FailureAnalysis analysis) {
        System.err.printf("%nThe platform does not start: %s%n", analysis.getDescription());
        var action = analysis.getAction();
        if (action != null && !action.isBlank()) {
            System.err.printf("What to do: %s%n%n", action);
        }
    }
}
