package io.syncline.portal;

/** Runs as the platform answers them. */
final class RunSamples {

    private static final String RUN = "019a9f3e-0000-7000-8000-00000000c21f";

    private RunSamples() {}

    static String validate() {
        return """
                {"taskRunId": "t1", "task": "validate", "system": "crm", "state": "COMPLETED", "attempt": 1, "round": 1,
                 "startedAt": "2026-11-20T13:42:12Z", "endedAt": "2026-11-20T13:42:50Z", "allowedActions": [],
                 "files": [{"name": "a.csv", "status": "COMPLETED", "expectedRows": 3, "actualRows": 3,
                            "expectedChecksum": "sha-256=a", "actualChecksum": "sha-256=b"}],
                 "reconciliation": {"expectedRows": 30000, "actualRows": 29988, "missing": 12, "unexpected": 0, "different": 0},
                 "result": {"asOf": "2026-11-20", "differences": {"missing": ["c-17", "=cmd()"], "different": []}},
                 "calls": [{"callId": "c1", "kind": "SYNC", "attempt": 1, "round": 1, "at": "2026-11-20T13:42:12Z",
                            "durationMs": 38000, "status": 200, "outcome": "REPORT"}], "callbacks": []}""";
    }

    static String failed() {
        return """
                {"runId": "%s", "group": "customer-sync", "groupVersion": 17, "businessKey": "2026-11-20",
                 "orderingKey": "2026-11-20", "triggerId": "019a9f3d-0000-7000-8000-000000000001", "state": "FAILED",
                 "flags": [], "rerunOf": "019a9f3c-0000-7000-8000-000000000009", "mergedInto": null,
                 "createdAt": "2026-11-20T13:42:00Z", "startedAt": "2026-11-20T13:42:10Z", "endedAt": "2026-11-20T13:52:00Z",
                 "resolution": null, "traceId": "4bf92f3577b34da6a3ce929d0e0e4736",
                 "allowedActions": ["rerun", "rerun-failed", "resolution"],
                 "tasks": {"total": 3, "completed": 1, "skipped": 0, "failed": 1},
                 "taskRuns": [
                  %s,
                  {"taskRunId": "t2", "task": "load", "system": "crm", "state": "FAILED", "attempt": 3, "round": 9,
                   "cause": "REPORTED_FAILED", "message": "CRM is down for maintenance", "cancel": "NONE",
                   "startedAt": "2026-11-20T13:42:50Z", "endedAt": "2026-11-20T13:52:00Z",
                   "allowedActions": ["accept-late", "mark-done", "retry", "skip"],
                   "calls": [
                    {"callId": "c7", "kind": "SYNC", "attempt": 1, "round": 1, "at": "2026-11-20T13:42:50Z", "durationMs": 10000, "status": 202, "outcome": "ACCEPTED"},
                    {"callId": "c8", "kind": "SYNC", "attempt": 2, "round": 5, "at": "2026-11-20T13:45:00Z", "durationMs": 60000, "status": 200, "outcome": "REPORT"},
                    {"callId": "c9", "kind": "SYNC", "attempt": 3, "round": 9, "at": "2026-11-20T13:50:00Z", "durationMs": 1920, "status": 503, "outcome": "RETRYABLE_STATUS", "detail": "answered 503"}],
                   "callbacks": [
                    {"callbackId": "k1", "attempt": 1, "sequence": 1, "status": "FAILED", "applied": true, "receivedAt": "2026-11-20T13:43:00Z"},
                    {"callbackId": "late/1", "attempt": 3, "sequence": 2, "status": "COMPLETED", "applied": false, "reason": "ALREADY_ENDED", "receivedAt": "2026-11-20T13:53:00Z"}]},
                  {"taskRunId": "t3", "task": "notify", "state": "CANCELLED", "attempt": 1, "round": 0,
                   "cause": "PREDECESSOR_FAILED", "allowedActions": []}]}""".formatted(RUN, validate());
    }

    static String running() {
        return """
                {"runId": "%s", "group": "customer-sync", "groupVersion": 17, "state": "RUNNING", "allowedActions": ["cancel"],
                 "createdAt": "2026-11-20T13:42:00Z", "startedAt": "2026-11-20T13:42:10Z",
                 "taskRuns": [
                  {"taskRunId": "t1", "task": "validate", "state": "COMPLETED", "attempt": 1},
                  {"taskRunId": "t2", "task": "load", "state": "RUNNING", "attempt": 1,
                   "calls": [{"callId": "c1", "kind": "SYNC", "attempt": 1, "round": 1, "at": "2026-11-20T13:42:12Z", "durationMs": 38, "status": 202, "outcome": "ACCEPTED"}]}]}""".formatted(RUN);
    }

    static String purged() {
        return """
                {"runId": "%s", "group": "customer-sync", "groupVersion": 17, "state": "FAILED", "flags": [],
                 "createdAt": "2025-11-20T13:42:00Z", "endedAt": "2025-11-20T13:52:00Z", "allowedActions": [], "taskRuns": [],
                 "purged": true, "purgedAt": "2026-11-20T03:00:00Z",
                 "tasks": {"total": 5, "completed": 4, "failed": 1}, "cause": "TIMED_OUT"}""".formatted(RUN);
    }

    static String history() {
        return """
                {"items": [
                  {"moveId": "m1", "at": "2026-11-20T13:42:00Z", "from": null, "to": "QUEUED", "cause": "TRIGGERED", "node": "node-1"},
                  {"moveId": "m2", "at": "2026-11-20T13:50:00Z", "taskRunId": "t2", "task": "load", "from": "DUE", "to": "CALLING",
                   "attempt": 3, "cause": "CLAIMED", "detail": null, "actor": null, "node": "node-2"}],
                 "nextCursor": "more"}""";
    }

    static String call() {
        return """
                {"callId": "c9", "taskRunId": "t2", "runId": "%s", "task": "load", "kind": "SYNC", "attempt": 3, "round": 9,
                 "at": "2026-11-20T13:50:00Z", "durationMs": 1920, "instance": "https://crm.example.com", "status": 503,
                 "outcome": "RETRYABLE_STATUS", "detail": "answered 503", "applied": true, "node": "node-2", "bodies": "SHOWN",
                 "request": {"method": "POST", "url": "https://crm.example.com/sync/customers",
                   "headers": {"Authorization": "Bearer ••••41c9e0", "Content-Type": "application/json"},
                   "body": {"text": "{\\"task\\":\\"load\\"}", "bytes": 15, "cut": false}},
                 "answer": {"headers": {"retry-after": "120"},
                   "body": {"text": "{\\"title\\":\\"Down for maintenance\\"", "bytes": 70000, "cut": true, "sha256": "abc"}}}""".formatted(RUN);
    }

    static String changes() {
        return """
                {"runId": "%s", "state": "RUNNING", "dryRun": true, "changes": [
                  {"runId": "%s", "taskRunId": "t2", "from": "FAILED", "to": "DUE"},
                  {"runId": "%s", "taskRunId": null, "from": "FAILED", "to": "RUNNING"}]}""".formatted(RUN, RUN, RUN);
    }

    static String list() {
        return """
                {"items": [{"runId": "%s", "group": "customer-sync", "groupVersion": 17, "businessKey": "2026-11-20", "state": "FAILED",
                   "createdAt": "2026-11-20T13:42:00Z", "startedAt": "2026-11-20T13:42:10Z", "endedAt": "2026-11-20T13:52:00Z",
                   "resolution": {"status": "ACKNOWLEDGED", "by": "ana", "at": "2026-11-20T14:00:00Z", "until": null, "reason": "I look"},
                   "tasks": {"total": 7, "completed": 4, "skipped": 1, "failed": 1}}], "nextCursor": null}""".formatted(RUN);
    }

    static String bulk(String state) {
        return """
                {"bulkId": "b1", "state": "%s", "action": "rerun-failed", "filter": {}, "reason": "disks were added", "askedBy": "ana",
                 "createdAt": "2026-11-20T14:00:00Z", "endedAt": null, "endedBy": null,
                 "counts": {"matched": 2, "pending": 1, "done": 0, "skipped": 1, "failed": 0},
                 "refusals": [{"runId": "other", "outcome": "SKIPPED", "reason": "illegal-action", "detail": "The run is RUNNING."}]}""".formatted(state);
    }
}
