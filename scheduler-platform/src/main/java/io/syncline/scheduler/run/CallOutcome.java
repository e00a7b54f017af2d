package io.syncline.scheduler.run;

/** The result of one call under its claim. */
public record CallOutcome(ClaimedTask claim, CallResult result) {}
