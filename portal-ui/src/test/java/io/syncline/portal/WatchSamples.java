package io.syncline.portal;

/** Answers of the platform about alerts, the schedule, the audit log and people. */
final class WatchSamples {

    static final String ALERT = "019a9f60-0000-7000-8000-000000000001";

    private WatchSamples() {}

    private static String head(String id, String state, String more) {
        return """
                {"alertId": "%s", "state": "%s", "condition": "REFUSED", "title": "5 task runs failed: REFUSED <403> at crm",
                 "system": "crm", "cause": "REFUSED <403> at crm", "labels": ["airports"], "count": 5, "standing": 2,
                 "groupCount": 1, "groups": ["airports-daily"], "channels": ["ops-mail"],
                 "openedAt": "2026-11-20T04:00:00Z", "lastSignalAt": "2026-11-20T04:10:00Z"%s""".formatted(id, state, more);
    }

    static String alerts() {
        return "{\"items\": [" + head(ALERT, "OPEN", ", \"allowedActions\": [\"acknowledge\"]}") + ","
                + head(
                        "019a9f60-0000-7000-8000-000000000002",
                        "ACKNOWLEDGED",
                        ", \"acknowledged\": {\"at\": \"2026-11-20T04:05:00Z\", \"by\": \"bo\", \"reason\": \"on it\"},"
                                + " \"silencedUntil\": \"2026-11-20T06:00:00Z\", \"allowedActions\": []}")
                + "], \"nextCursor\": \"more+alerts\"}";
    }

    static String alert(String allowedActions) {
        return head(ALERT, "OPEN", """
                , "allowedActions": %s,
                 "members": [{"subject": "task-run:t1", "group": "airports-daily", "system": "crm", "runId": "run-1",
                              "taskRunId": "t1", "detail": "The task run <t1> was refused.", "since": "2026-11-20T04:00:00Z"}],
                 "deliveries": [{"messageId": "m1", "channel": "ops-mail", "kind": "TRIGGER", "state": "DEAD", "deliveries": 3,
                                 "createdAt": "2026-11-20T04:00:03Z", "lastCause": "no connection"}],
                 "history": [{"at": "2026-11-20T04:00:00Z", "kind": "OPENED", "detail": "REFUSED"}]}""".formatted(allowedActions));
    }

    static String silences() {
        return """
                {"items": [
                  {"silenceId": "s1", "matchers": [{"of": "group", "glob": "shop-*"}, {"of": "condition", "equals": "FAILED"}],
                   "from": "2026-11-20T04:00:00Z", "until": "2026-11-20T06:00:00Z", "reason": "maintenance", "createdBy": "ana",
                   "createdAt": "2026-11-20T04:00:00Z", "state": "STANDING"},
                  {"silenceId": "s2", "matchers": [{"of": "system", "equals": "crm"}], "from": "2026-11-19T04:00:00Z",
                   "until": "2026-11-19T06:00:00Z", "reason": "before", "createdBy": "bo", "createdAt": "2026-11-19T04:00:00Z",
                   "state": "ENDED", "endedAt": "2026-11-19T05:00:00Z", "endedBy": "ana"}],
                 "nextCursor": null}""";
    }

    static String trial() {
        return """
                {"matchers": [{"of": "group", "glob": "air*"}], "from": "2026-11-20T04:00:00Z", "until": "2026-11-20T06:00:00Z",
                 "reason": "preview", "createdBy": "ana", "createdAt": "2026-11-20T04:00:00Z", "state": "STANDING",
                 "quiets": ["%s"]}""".formatted(ALERT);
    }

    static String rules() {
        return """
                {"items": [
                  {"group": "airports-daily", "labels": ["airports"], "unruled": 2,
                   "rules": [{"when": ["FAILED", "OVERDUE"], "channels": ["ops-mail"],
                              "threshold": {"count": 2, "within": "PT1M"},
                              "escalate": {"after": "PT15M", "channels": ["boss"]},
                              "replay": {"incidents": 3, "lastAt": "2026-11-20T04:00:00Z"}}]},
                  {"group": "quiet", "labels": [], "rules": [], "unruled": 0}],
                 "nextCursor": null, "since": "2026-11-13T05:00:00Z", "complete": true, "defaultChannels": [],
                 "platformChannels": ["ops-mail"]}""";
    }

    static String channel() {
        return """
                {"apiVersion": "syncline/v1", "kind": "Channel", "key": "ops-mail", "type": "email", "labels": ["airports"],
                 "status": {"version": 3, "createdAt": "2026-11-19T04:00:00Z", "createdBy": "ana",
                            "origin": "smtp://mail.example.com:587", "secretSetAt": "2026-11-19T04:00:00Z"}}""";
    }

    static String channelAsYaml() {
        return """
                apiVersion: "syncline/v1"
                kind: "Channel"
                key: "ops-mail"
                type: "email"
                host: "mail.example.com"
                status:
                  version: 3
                  createdBy: "ana"
                """;
    }

    static String deliveries() {
        return """
                {"items": [{"messageId": "m1", "alertId": "%s", "condition": "REFUSED", "cause": "REFUSED 403 at crm",
                            "kind": "TRIGGER", "state": "SENT", "deliveries": 1, "createdAt": "2026-11-20T04:00:03Z",
                            "sentAt": "2026-11-20T04:00:04Z"}], "nextCursor": null}""".formatted(ALERT);
    }

    static String schedule() {
        return """
                {"now": "2026-11-20T05:20:00Z", "until": "2026-11-21T05:20:00Z", "groupsAreAll": true,
                 "groups": [
                  {"group": "nightly", "cron": "0 30 2 * * ?", "zone": "Europe/Berlin", "calendar": "bank-holidays",
                   "misfire": "FIRE_ONCE", "fires": ["2026-11-21T01:30:00Z"], "firesAreAll": true},
                  {"group": "busy", "cron": "0 * * * * ?", "zone": "UTC", "misfire": "SKIP",
                   "fires": ["2026-11-20T05:21:00Z", "2026-11-20T05:22:00Z"], "firesAreAll": false}],
                 "missed": [{"group": "nightly", "fireAt": "2026-11-20T01:30:00Z", "dueAt": "2026-11-20T05:20:00Z",
                             "policy": "FIRE_ONCE"}], "missedAreAll": true,
                 "paused": [{"group": "busy", "since": "2026-11-20T03:00:00Z", "by": "bo", "reason": "new disks"}],
                 "pausedAreAll": true}""";
    }

    static String nothingScheduled() {
        return """
                {"now": "2026-11-20T05:20:00Z", "until": "2026-11-21T05:20:00Z", "groupsAreAll": true, "groups": [], "missed": [],
                 "missedAreAll": true, "paused": [], "pausedAreAll": true}""";
    }

    static String cluster() {
        return """
                {"now": "2026-11-20T05:20:00Z", "self": "node-1",
                 "nodes": [
                  {"nodeId": "node-1", "startedAt": "2026-11-19T05:00:00Z", "checkedInAt": "2026-11-20T05:19:58Z", "live": true,
                   "version": "1.0", "appliedCount": 2, "clockSkewMs": 12},
                  {"nodeId": "node-2", "startedAt": "2026-11-19T05:00:00Z", "checkedInAt": "2026-11-20T05:19:58Z", "live": true,
                   "appliedCount": 2, "clockSkewMs": -2100},
                  {"nodeId": "node-3", "startedAt": "2026-11-19T05:00:00Z", "checkedInAt": "2026-11-20T05:00:00Z", "live": false,
                   "appliedCount": 0}],
                 "nextFireTimes": [],
                 "queueDepth": {"due": {"value": 10000, "relation": "gte"}, "systems": [{"system": "crm", "due": 10000}],
                                "queuedRuns": {"value": 3, "relation": "eq"}}}""";
    }

    static String audit() {
        return """
                {"items": [
                  {"auditId": "a2", "at": "2026-11-20T05:00:00Z", "actor": "ana", "how": "PORTAL", "action": "put",
                   "objectKind": "user", "objectKey": "bo", "reason": null,
                   "details": "{\\"before\\":{\\"roles\\":[\\"viewer\\"],\\"name\\":\\"Bo\\"},\\"after\\":{\\"roles\\":[\\"admin\\"],\\"name\\":\\"Bo\\"}}",
                   "traceId": "4bf92f3577b34da6a3ce929d0e0e4736"},
                  {"auditId": "a1", "at": "2026-11-20T04:00:00Z", "actor": "unknown", "how": null, "action": "sign-in-refused",
                   "objectKind": "user", "objectKey": "unknown", "reason": "from 192.0.2.7", "details": null, "traceId": null}],
                 "nextCursor": null}""";
    }

    static String user(String more) {
        return """
                {"key": "bo", "name": "Bo <b>Berg</b>", "email": "bo@example.com", "roles": ["viewer"], "labels": ["airports"],
                 "scopes": [], "enabled": true, "external": null, "hasPassword": true, "createdAt": "2026-11-01T05:00:00Z",
                 "updatedAt": "2026-11-01T05:00:00Z", "lastSignInAt": null%s}""".formatted(more);
    }

    static String change(String allowedActions) {
        return """
                {"changeId": "c1", "state": "PENDING", "kind": "users", "key": "bo", "method": "PUT", "path": "/api/v1/users/bo",
                 "proposedBy": "cy", "proposedAt": "2026-11-20T05:00:00Z", "expiresAt": "2026-11-21T05:00:00Z",
                 "decidedBy": null, "decidedAt": null, "reason": null, "answerStatus": null, "allowedActions": %s,
                 "before": {"roles": ["viewer"]}, "after": {"roles": ["admin"]}}""".formatted(allowedActions);
    }

    static String keys() {
        return """
                {"items": [{"kid": "k2", "purpose": "TOKEN", "algorithm": "ES256", "state": "NEXT", "createdAt": "2026-11-20T05:00:00Z"},
                           {"kid": "k1", "purpose": "TOKEN", "algorithm": "ES256", "state": "CURRENT",
                            "createdAt": "2026-11-01T05:00:00Z", "activatedAt": "2026-11-02T05:00:00Z"}], "nextCursor": null}""";
    }

    static String issuers() {
        return """
                {"items": [{"key": "corp", "issuer": "https://idp.example.com", "jwksUri": "https://idp.example.com/keys",
                            "algorithms": ["RS256"], "audience": "syncline", "types": ["at+jwt"], "maxTokenLife": "PT1H",
                            "people": {"clientId": "portal", "userClaim": "sub", "groupsClaim": "groups",
                                       "roles": {"ops": {"roles": ["operator"], "labels": ["*"]}}},
                            "createdAt": "2026-11-01T05:00:00Z", "updatedAt": "2026-11-01T05:00:00Z"}], "nextCursor": null}""";
    }
}
