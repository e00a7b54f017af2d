package io.syncline.portal;

/** What the data provider and the data consumer answer. */
final class DataSamples {

    static final String EXTRACT = "019a9f5e-0000-7000-8000-00000000abcd";

    private DataSamples() {}

    static String provider() {
        return """
                {"at": "2026-11-20T05:20:00Z",
                 "datasets": [
                  {"name": "countries", "source": "HERE", "rows": 24900, "asOf": "2026-11-20T05:00:00Z",
                   "importedAt": "2026-11-20T05:00:00Z", "log": null,
                   "lookups": {"complete": 120, "broken": 1, "p99Millis": 250}},
                  {"name": "follows", "source": "HERE", "rows": null, "asOf": null, "importedAt": null,
                   "log": {"recording": true, "firstSeq": 1, "lastSeq": 1413, "lastChangeAt": "2026-11-20T05:19:00Z",
                    "waitingSince": null, "readers": [
                     {"reader": "kafka", "lastSeq": 1400, "behind": 13, "oldestSeconds": 90, "lostAt": 0.01},
                     {"reader": "push", "lastSeq": 1413, "behind": 0, "oldestSeconds": 0, "lostAt": 0.0}]},
                   "lookups": {"complete": 0, "broken": 0, "p99Millis": null}},
                  {"name": "likes", "source": "HERE", "rows": 3, "asOf": "2026-11-20T05:00:00Z", "importedAt": null,
                   "log": {"recording": true, "firstSeq": 1, "lastSeq": 7, "lastChangeAt": "2026-11-20T05:00:00Z",
                    "waitingSince": "2026-11-20T05:10:00Z", "readers": []}, "lookups": null},
                  {"name": "invoices", "source": "CAPTURED", "rows": 3, "asOf": "2026-11-20T05:00:00Z",
                   "importedAt": null,
                   "log": {"recording": true, "firstSeq": 5, "lastSeq": 9, "lastChangeAt": "2026-11-20T05:00:00Z",
                    "waitingSince": null, "readers": [
                     {"reader": "kafka", "lastSeq": 6, "behind": 3, "oldestSeconds": 1728000, "lostAt": 0.7}]},
                   "lookups": {"complete": 3, "broken": 0, "p99Millis": null}},
                  {"name": "plans", "source": "ELSEWHERE", "rows": null, "asOf": null, "importedAt": null, "log": null,
                   "lookups": {"complete": 0, "broken": 0, "p99Millis": null}, "unknown": "member"}],
                 "capture": {"datasets": ["invoices"], "slot": "reserved", "isFollowed": true, "lagBytes": 2048,
                  "mostLagBytes": 1073741824, "isFailing": false},
                 "subscriptions": {"items": [
                   {"key": "crm", "dataset": "follows", "host": "crm.example.com", "ordered": true, "active": true,
                    "disabledBecause": null, "failingSince": "2026-11-20T05:10:00Z", "unstored": 0, "pending": 4,
                    "pendingSince": "2026-11-20T05:11:00Z", "dead": 2, "deadSince": "2026-11-19T05:00:00Z"},
                   {"key": "old", "dataset": "follows", "host": "old.example.com", "ordered": true, "active": false,
                    "disabledBecause": "answered <410>", "failingSince": null, "unstored": 9, "pending": 0,
                    "pendingSince": null, "dead": 0, "deadSince": null}],
                  "areAll": true, "countsAreExact": false}}""";
    }

    static String nothingAtProvider() {
        return """
                {"at": "2026-11-20T05:20:00Z", "datasets": [], "capture": null,
                 "subscriptions": {"items": [], "areAll": true, "countsAreExact": true}}""";
    }

    static String consumer() {
        return """
                {"copies": [
                  {"path": "/sync/countries", "source": "countries", "asOf": "2026-11-20T03:00:00Z", "rows": 24800,
                   "isWritten": false, "updatedAt": "2026-11-20T03:01:00Z"},
                  {"path": "/sync/plans", "source": "plans", "asOf": null, "rows": null, "isWritten": false,
                   "updatedAt": null},
                  {"path": "/sync/likes", "source": "likes", "asOf": "2026-11-20T05:00:00Z", "rows": 3,
                   "isWritten": false, "updatedAt": "2026-11-20T03:01:00Z"},
                  {"path": "/sync/invoices", "source": "invoices", "asOf": null, "rows": null, "isWritten": true,
                   "updatedAt": null}],
                 "userView": {"generation": 3, "liveSince": "2026-11-19T02:00:00Z", "asOf": "2026-11-20T05:19:58Z",
                  "parked": 2, "recent": {"since": "2026-11-20T05:15:00Z", "changes": 120, "late": 7,
                   "longestMillis": 1300},
                  "breaches": ["7 of 120 changes took longer than PT1S"],
                  "feeds": [
                   {"dataset": "follows", "seq": 1410, "asOf": "2026-11-20T05:19:58Z", "gone": false},
                   {"dataset": "likes", "seq": 7, "asOf": null, "gone": false}],
                  "lastWork": {"rebuildId": "rebuild-1", "purpose": "REBUILD", "state": "FILLING",
                   "openedAt": "2026-11-20T05:18:00Z", "endedAt": null, "tries": 1, "rows": 1000,
                   "expectedRows": 4000}}}""";
    }

    static String extracts(String nextCursor) {
        return """
                {"items": [%s,
                  {"extractId": "019a9f5e-0000-7000-8000-00000000beef", "dataset": "follows", "state": "FAILED",
                   "format": "NDJSON", "rowsPerFile": 10000, "asOf": "2026-11-20T05:00:00Z", "rows": null, "files": 0,
                   "bytes": 0, "createdAt": "2026-11-20T05:00:00Z", "endedAt": "2026-11-20T05:00:01Z",
                   "expiresAt": "2026-11-21T05:00:00Z", "failure": "No <space> left", "requestedBy": null}],
                 "nextCursor": %s}""".formatted(extract(), nextCursor);
    }

    private static String extract() {
        return """
                {"extractId": "%s", "dataset": "countries", "state": "READY",
                   "format": "CSV", "rowsPerFile": 10000, "asOf": "2026-11-20T05:00:00Z", "rows": 24900, "files": 3,
                   "bytes": 1258291, "createdAt": "2026-11-20T05:05:00Z", "endedAt": "2026-11-20T05:05:03Z",
                   "expiresAt": "2026-11-21T05:05:00Z", "failure": null, "requestedBy": "data-consumer"}""".formatted(EXTRACT);
    }

    static String detail() {
        return """
                {"extract": %s, "filesAreAll": false, "files": [
                  {"name": "countries-1.csv.gz", "rows": 10000, "bytes": 12000, "sha256": "%s"}]}""".formatted(extract(), "ab".repeat(32));
    }

    static String groups() {
        return """
                {"items": [
                  {"key": "countries-daily", "definitions": [{"key": "load", "system": "data-consumer", "path": "/sync/countries"}]},
                  {"key": "view-check", "definitions": [{"key": "check", "system": "data-consumer", "path": "/sync/user-view-check"}]},
                  {"key": "other"}], "nextCursor": null}""";
    }
}
