package io.syncline.portal;

/** Answers of the platform, as text, with what a page must not stumble over. */
final class Samples {

    static final String FAILED_RUN = "019a9f3e-0000-7000-8000-00000000c21f";

    private Samples() {}

    static String runs() {
        return """
                {"items": [
                  {"runId": "019a9f40-1111-7000-8000-000000000001", "group": "airports-daily", "groupVersion": 3,
                   "businessKey": "2026-08-21", "state": "RUNNING", "flags": [{"flag": "OVERDUE", "since": "2026-11-20T06:00:00Z"}],
                   "createdAt": "2026-11-20T05:00:00.123456Z", "startedAt": "2026-11-20T05:00:01Z", "endedAt": null},
                  {"runId": "%s", "group": "airports-daily", "groupVersion": 3, "businessKey": "2026-07-31",
                   "state": "FAILED", "flags": [], "createdAt": "2026-11-20T04:00:00Z", "startedAt": "2026-11-20T04:00:01Z",
                   "endedAt": "2026-11-20T04:02:03Z"},
                  {"runId": "019a9f40-1111-7000-8000-000000000002", "group": "airports-daily", "groupVersion": 3,
                   "businessKey": "2026-07-30", "state": "COMPLETED", "flags": [], "createdAt": "2026-11-20T03:00:00Z",
                   "startedAt": "2026-11-20T03:00:01Z", "endedAt": "2026-11-20T03:00:43.7Z"},
                  {"runId": "019a9f40-1111-7000-8000-000000000003", "group": "stock-sync", "groupVersion": 1,
                   "businessKey": "<b>tag</b>", "state": "QUEUED", "createdAt": "2026-11-20T03:00:00Z", "laterField": 1},
                  {"runId": "019a9f40-1111-7000-8000-000000000004", "group": "stock-sync", "state": "CANCELLED"},
                  {"runId": "019a9f40-1111-7000-8000-000000000005", "group": "stock-sync", "state": "SKIPPED"},
                  {"runId": "7", "group": "stock-sync", "state": "BRAND_NEW_STATE"}],
                 "nextCursor": "next+page"}""".formatted(FAILED_RUN);
    }

    static String calmOverview() {
        return """
                {"at": "2026-11-20T14:03:07Z",
                 "attention": {"failed": [], "late": [], "rejected": [], "alerts": [], "more": false},
                 "lastFailure": "2026-11-18T06:00:00Z", "running": [], "moreRunning": false, "due": [], "groups": [],
                 "moreGroups": false,
                 "cluster": {"nodesLive": 1, "nodesLost": 0, "due": {"value": 0, "relation": "eq"},
                   "queuedRuns": {"value": 0, "relation": "eq"}, "outbox": {"value": 0, "relation": "eq"}}}""";
    }

    static String sessions() {
        return """
                {"items": [
                  {"sessionId": "019a9f50-0000-7000-8000-000000000001", "user": "ana", "current": true,
                   "createdAt": "2026-11-20T05:00:00Z", "signedInAt": "2026-11-20T05:00:00Z",
                   "refreshedAt": "2026-11-20T05:10:00Z", "endsAt": "2026-11-20T13:00:00Z",
                   "remoteAddress": "192.0.2.7", "userAgent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0"},
                  {"sessionId": "019a9f50-0000-7000-8000-000000000002", "user": "ana", "current": false,
                   "signedInAt": "2026-11-20T04:00:00Z", "remoteAddress": null, "userAgent": "<i>odd</i>"}],
                 "nextCursor": null}""";
    }

    static String failedRun() {
        return """
                {"runId": "%s", "group": "airports-daily", "groupVersion": 3, "businessKey": "2026-07-31",
                 "orderingKey": "2026-07-31", "triggerId": "019a9f3d-0000-7000-8000-000000000001", "state": "FAILED",
                 "flags": [], "createdAt": "2026-11-20T04:00:00Z", "startedAt": "2026-11-20T04:00:01Z",
                 "endedAt": "2026-11-20T04:02:03Z", "allowedActions": ["rerun-failed"],
                 "taskRuns": [
                  {"taskRunId": "t1", "task": "runways", "state": "FAILED", "attempt": 1, "round": 3,
                   "cause": "RECONCILIATION_MISMATCH", "flags": [], "cancel": "NONE",
                   "progress": {"done": 5, "total": 5, "unit": "files"},
                   "files": [{"name": "runways-0001.csv.gz", "status": "COMPLETED", "expectedRows": 10000, "actualRows": 10000},
                             {"name": "runways-0002.csv.gz", "status": "FAILED", "expectedRows": 10000, "actualRows": 9999,
                              "error": "expected 10000 rows, found 9999"}],
                   "reconciliation": {"expectedRows": 48142, "actualRows": 48141, "missing": 1, "unexpected": 0, "different": 0},
                   "result": {"asOf": "2026-07-31"},
                   "calls": [{"attempt": 1, "round": 1, "at": "2026-11-20T04:00:01Z", "durationMs": 10012, "instance": "http://127.0.0.1:8082", "status": null, "outcome": "UNKNOWN"},
                             {"attempt": 1, "round": 2, "at": "2026-11-20T04:00:21Z", "durationMs": 12, "instance": "http://127.0.0.1:8083", "status": 202, "outcome": "ACCEPTED"}],
                   "callbacks": [{"callbackId": "c1", "attempt": 1, "sequence": 1, "status": "RUNNING", "applied": true, "reason": null, "receivedAt": "2026-11-20T04:00:30Z"},
                                 {"callbackId": "c1", "attempt": 1, "sequence": 1, "status": "RUNNING", "applied": false, "reason": "DUPLICATE", "receivedAt": "2026-11-20T04:00:31Z"}]},
                  {"taskRunId": "t2", "task": "navaids", "state": "COMPLETED", "attempt": 1, "round": 1,
                   "reconciliation": {"expectedRows": 11009, "actualRows": 11009, "missing": 0, "unexpected": 0, "different": 0}},
                  {"taskRunId": "t3", "task": "regions", "state": "RUNNING", "attempt": 1, "round": 1,
                   "progress": {"done": 3, "total": 8, "unit": "files"}, "flags": [{"flag": "SILENT", "since": "2026-11-20T04:00:00Z"}]},
                  {"taskRunId": "t4", "task": "countries", "state": "DUE", "attempt": 2, "round": 4},
                  {"taskRunId": "t5", "task": "publish", "state": "WAITING", "attempt": 1, "round": 0, "waitsFor": "waits for runways"}]}""".formatted(FAILED_RUN);
    }
}
