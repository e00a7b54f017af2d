package io.syncline.scheduler.run;

/** Of a task run what is read without locking it: where it belongs, which never changes, and how far it has come. */
public record TaskRunHead(
        String taskRunId, String runId, SlotKey slot, String system, int attempt, TaskRunState state) {}
