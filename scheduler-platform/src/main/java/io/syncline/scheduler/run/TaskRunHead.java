package io.syncline.scheduler.run;

/** What must be known of a task run before a report on it may be judged. */
public record TaskRunHead(String taskRunId, String runId, String system, int attempt, TaskRunState state) {}
