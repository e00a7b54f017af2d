package io.syncline.scheduler.run;

/** A run that a trigger message caused. */
public record StartedRun(String runId, String group, RunState state) {}
