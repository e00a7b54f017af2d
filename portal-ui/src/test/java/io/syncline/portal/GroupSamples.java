package io.syncline.portal;

/** Answers of the platform about task groups, as text. */
final class GroupSamples {

    private static final String DOCUMENT = """
            "apiVersion": "syncline/v1", "kind": "TaskGroup", "key": "airports-daily",
            "description": "Airports, once a day", "owner": "data-platform", "labels": ["airports"],
            "triggers": [{"source": "/billing", "type": "com.example.ready"}],
            "schedule": {"cron": "0 30 2 * * ?", "zone": "Europe/Berlin"},
            "expectBy": {"time": "03:30", "zone": "Europe/Berlin"},
            "freshness": "PT26H",
            "defaults": {"interval": "PT10S", "reconciliation": {"required": true}},
            "tasks": [
              {"key": "runways", "mode": "ASYNC", "system": "data-consumer", "path": "%s", "parameters": {"dataset": "runways", "later": "kept"}},
              {"key": "publish", "mode": "SYNC", "system": "data-consumer", "path": "/sync/publish"}],
            "alerts": [{"when": ["FAILED", "OVERDUE"], "channels": ["ops-mail"]}]""";

    private static final String STATUS = """
            "status": {"version": %d, "createdAt": "2026-11-20T05:00:00Z", "createdBy": "bo"%s}""";

    private GroupSamples() {}

    static String group(int version, String path) {
        return "{" + DOCUMENT.formatted(path) + ", " + STATUS.formatted(version, "") + "}";
    }

    static String paused() {
        return "{" + DOCUMENT.formatted("/sync/runways") + ", "
                + STATUS.formatted(
                        17,
                        ", \"paused\": {\"since\": \"2026-11-20T05:00:00Z\", \"by\": \"bo\", \"reason\": \"maintenance of the CRM\"}")
                + "}";
    }

    static String managed() {
        return "{" + DOCUMENT.formatted("/sync/runways") + ", "
                + STATUS.formatted(
                        17, ", \"managedBy\": \"files\", \"source\": \"git:main@4bf9\", \"appliedBy\": \"ci\"")
                + "}";
    }

    /** A version that was asked for with and without {@code diff}: both answers in one. */
    static String groupAndDiff() {
        return "{" + DOCUMENT.formatted("/sync/runways") + ", " + STATUS.formatted(17, "")
                + ", \"from\": 16, \"to\": 17, \"changes\": [{\"pointer\": \"/tasks/0/path\", \"before\": \"/sync/old\", \"after\": \"/sync/runways\"}]}";
    }

    static String list() {
        return """
                {"items": [
                  {"key": "airports-daily", "version": 17, "description": "Airports, once a day", "owner": "data-platform",
                   "labels": ["airports"], "tasks": ["runways", "publish"],
                   "definitions": [{"key": "runways", "mode": "ASYNC", "system": "data-consumer"},
                                   {"key": "publish", "mode": "SYNC", "system": "data-consumer"}],
                   "triggers": [{"source": "/billing", "type": "com.example.ready"}],
                   "schedule": {"cron": "0 30 2 * * ?", "zone": "Europe/Berlin", "misfire": "FIRE_ONCE"},
                   "nextFireAt": "2026-11-22T01:30:00Z",
                   "paused": {"since": "2026-11-20T05:00:00Z", "by": "bo", "reason": "maintenance of the CRM"},
                   "recent": {"runs": [{"runId": "run-1", "state": "COMPLETED"}, {"runId": "run-2", "state": "FAILED"},
                                       {"runId": "run-3", "state": "FAILED"}],
                              "lastSuccess": "2026-11-19T05:00:00Z", "freshness": "PT26H", "overTarget": true},
                   "createdAt": "2026-11-20T05:00:00Z", "createdBy": "bo"},
                  {"key": "by-hand", "version": 1, "labels": [], "tasks": ["a"], "definitions": [{"key": "a", "mode": "SYNC", "system": "x"}],
                   "triggers": [], "createdAt": "2026-11-20T05:00:00Z", "createdBy": "bo"}],
                 "nextCursor": "next"}""";
    }

    static String versions() {
        return """
                {"items": [
                  {"version": 17, "createdAt": "2026-11-20T05:00:00Z", "createdBy": "bo", "reason": "raise the timeout"},
                  {"version": 16, "createdAt": "2026-11-19T05:00:00Z", "createdBy": "eva"}],
                 "nextCursor": null}""";
    }

    static String fireTimes() {
        return """
                {"group": "airports-daily", "zone": "Europe/Berlin", "calendar": null, "items": [
                  {"at": "2026-03-28T01:00:00Z", "local": "2026-03-28T02:00:00+01:00"},
                  {"at": "2026-03-29T01:00:00Z", "local": "2026-03-29T03:00:00+02:00"}]}""";
    }

    static String plan() {
        return """
                {"planHash": "abc", "applied": false, "summary": {"create": 0, "update": 1, "delete": 0, "unchanged": 0},
                 "items": [{"kind": "TaskGroup", "key": "airports-daily", "action": "UPDATE", "document": 0, "version": 17,
                   "newVersion": null,
                   "changes": [{"pointer": "/tasks/0/path", "before": "/sync/runways", "after": "/sync/new"}],
                   "warnings": ["2 active runs keep version 16", "managed by hand until now; files manage it from now on"]}]}""";
    }

    static String testCall() {
        return """
                {"group": "airports-daily", "version": 17, "task": "runways", "system": "data-consumer", "runId": "r", "taskRunId": "t77",
                 "dryRun": false, "outcome": "ACCEPTED", "detail": "accepted: in a run the work would go on", "durationMs": 412,
                 "steps": [{"step": "request", "status": "OK", "durationMs": 1, "detail": "the request was made"},
                           {"step": "slot", "status": "OK", "durationMs": 0, "detail": "limits and breaker let the call through"},
                           {"step": "call", "status": "OK", "durationMs": 410, "detail": "http://127.0.0.1:8082 answered 202"},
                           {"step": "answer", "status": "OK", "durationMs": 1, "detail": "accepted"}],
                 "request": {"path": "/sync/runways", "auth": "platform-jwt", "headers": {"Authorization": "****"}, "body": "{}"},
                 "response": {"instance": "http://127.0.0.1:8082", "status": 202, "headers": {"content-type": "application/json"}, "body": "{}", "cut": false}}""";
    }
}
