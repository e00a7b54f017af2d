package io.syncline.portal;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The configuration as files: export, plan, apply. */
class ConfigPagesTest extends SignedInPages {

    private static final String PAGE = "/settings/config";
    private static final String PLAN = "POST /api/v1/config/plan";
    private static final String APPLY = "POST /api/v1/config/apply";
    private static final String NONE = "{\"items\":[],\"nextCursor\":null}";

    private static final String DAILY = """
            apiVersion: syncline/v1
            kind: TaskGroup
            key: daily
            """;

    @BeforeEach
    void nothingManaged() {
        PLATFORM.answers("/api/v1/config/managed", 200, NONE);
    }

    private static String plan(String hash) {
        return """
                {"planHash": "%s", "applied": false, "summary": {"create": 1, "update": 1, "delete": 1, "unchanged": 4},
                 "items": [
                  {"kind": "System", "key": "shop", "action": "CREATE", "document": 0, "version": null, "newVersion": null,
                   "changes": [{"pointer": "", "before": null, "after": {"apiVersion": "syncline/v1", "kind": "System",
                     "key": "shop", "owner": "<b>ops</b>", "instances": ["https://shop.example.com"]}},
                    {"pointer": "/credentials/main/password", "before": null, "after": "(not shown)"}], "warnings": []},
                  {"kind": "TaskGroup", "key": "daily", "action": "UPDATE", "document": 1, "version": 16, "newVersion": null,
                   "changes": [{"pointer": "/tasks/1/overdueAfter", "before": "PT45M", "after": "PT30M"},
                     {"pointer": "/tasks/1/stopAfter", "before": "PT2H", "after": null}],
                   "warnings": ["3 active runs keep version 16"]},
                  {"kind": "TaskGroup", "key": "gone", "action": "DELETE", "document": null, "version": 2, "newVersion": null,
                   "changes": [], "warnings": []},
                  {"kind": "Channel", "key": "same", "action": "UNCHANGED", "document": 2, "version": 1, "newVersion": null,
                   "changes": [], "warnings": []}]}""".formatted(hash);
    }

    private HttpResponse<String> planned(String... fields) {
        return send(PAGE, PAGE + "/plan", fields);
    }

    private static String pathOf(HttpResponse<String> page) {
        return page.uri().getPath();
    }

    @Test
    void whatFilesManageIsListedWithTheWayToIt() {
        PLATFORM.answers("/api/v1/config/managed", 200, """
                {"items": [
                  {"kind": "TaskGroup", "key": "daily", "source": "https://git.example.com/sync/commit/4f2c9e1",
                   "appliedAt": "2026-11-20T04:00:00Z", "appliedBy": "ci"},
                  {"kind": "System", "key": "shop", "source": "javascript:alert(1)",
                   "appliedAt": "2026-11-20T04:00:00Z", "appliedBy": "ci"},
                  {"kind": "Calendar", "key": "holidays", "source": null,
                   "appliedAt": "2026-11-20T04:00:00Z", "appliedBy": "ci"}], "nextCursor": "after+holidays"}""");
        as("vi");

        var page = page(PAGE);

        assertThat(page)
                .contains("href=\"/groups/daily\"", "href=\"/systems/shop\"", "href=\"/schedule/calendars/holidays\"")
                .contains("href=\"https://git.example.com/sync/commit/4f2c9e1\"", "not said")
                .doesNotContain("href=\"javascript:")
                .contains("config?cursor=after%2Bholidays")
                .contains("This needs the scope config:write", "aria-current=\"page\"");
        assertThat(page).containsPattern("<button class=\"primary\"[^>]*disabled[^>]*>Plan");
    }

    @Test
    void withoutFilesThePageSaysHowToBegin() {
        as("ada");

        assertThat(page(PAGE)).contains("No files manage anything yet", "Begin with an export");
    }

    @Test
    void whoMayNotReadTheConfigurationIsToldWhomToAsk() {
        PLATFORM.answers("/api/v1/config/managed", 403, problem("forbidden", "Forbidden.", ""));
        as("vi");

        var refused = browser.get(PAGE);

        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).contains("This needs the scope config:read", "Ask an administrator");
    }

    @Test
    void theExportComesAsAFile() {
        PLATFORM.answers(
                "GET", "/api/v1/config/export", 200, DAILY, Map.of("Content-Type", "application/yaml;charset=UTF-8"));
        as("vi");

        var export = browser.get(PAGE + "/export?kind=TaskGroup&label=billing");

        assertThat(export.body()).isEqualTo(DAILY);
        assertThat(export.headers().firstValue("Content-Disposition"))
                .contains("attachment; filename=\"syncline.yaml\"");
        assertThat(PLATFORM.requests()).containsExactly("GET /api/v1/config/export?kind=TaskGroup&label=billing");
    }

    @Test
    void aPlanSaysInWordsWhatBecomesOfEachObject() {
        PLATFORM.answers(PLAN, 200, plan("h1"));
        as("ada");

        var page = planned(
                "documents", DAILY.replace("\n", "\r\n"), "source", "git:main", "prune", "true", "labels", "a, b");

        assertThat(pathOf(page)).startsWith(PAGE + "/plan/");
        assertThat(page.body())
                .containsPattern(
                        "(?s)>\\+</span>\\s*<span>create</span></span>\\s*<span>System</span>\\s*<span>shop</span>")
                .containsPattern("(?s)>~</span>\\s*<span>change</span></span>.{0,80}href=\"/groups/daily\"")
                .containsPattern("(?s)>\u2212</span>\\s*<span>delete</span></span>.{0,80}href=\"/groups/gone\"")
                .contains("/tasks/1/overdueAfter", "PT45M", "PT30M", "3 active runs keep version 16")
                .contains("plan-added", "plan-changed", "plan-removed", "/instances", "(not shown)")
                .contains("&lt;b&gt;ops&lt;/b&gt;", "deleted, with all labels of a, b")
                .doesNotContain("<b>ops</b>")
                .doesNotContain(">same<");
        assertThat(PLATFORM.sent("POST", "/api/v1/config/plan")).singleElement().satisfies(call -> {
            assertThat(call.query()).isEqualTo("source=git%3Amain&prune=true&label=a&label=b");
            assertThat(call.headers().get("content-type")).isEqualTo("application/yaml;charset=UTF-8");
            assertThat(call.body()).isEqualTo(DAILY);
        });
    }

    @Test
    void aFileIsPlannedAsItIs() {
        PLATFORM.answers(PLAN, 200, plan("h1"));
        as("ada");

        var csrf = Browser.csrfOf(browser.get(PAGE));
        var bytes = "[{\"key\":\"Zürich\"}]".getBytes(StandardCharsets.UTF_8);
        var page = browser.upload(PAGE + "/plan", csrf, "file", "all.json", bytes, "documents", "");

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(PLATFORM.sent("POST", "/api/v1/config/plan")).singleElement().satisfies(call -> {
            assertThat(call.headers().get("content-type")).startsWith("application/json");
            assertThat(call.body()).isEqualTo("[{\"key\":\"Zürich\"}]");
        });
    }

    @Test
    void whatCannotBePlannedIsToldAtItsFieldAndNothingIsLost() {
        as("ada");
        var csrf = Browser.csrfOf(browser.get(PAGE));

        var empty = planned("documents", " ", "prune", "true");
        assertThat(empty.statusCode()).isEqualTo(422);
        assertThat(empty.body())
                .contains("href=\"#documents\"", "Paste the documents, or choose a file.", "href=\"#labels\"");
        var labels = planned("documents", DAILY, "labels", "a");
        assertThat(labels.body()).contains("href=\"#prune\"", "key: daily", "value=\"a\"");
        var both = browser.upload(
                PAGE + "/plan", csrf, "file", "a.yaml", DAILY.getBytes(StandardCharsets.UTF_8), "documents", DAILY);
        assertThat(both.body()).contains("as text or as a file, not as both");
        var noText = browser.upload(PAGE + "/plan", csrf, "file", "a.yaml", new byte[] {(byte) 0xff, 0, 1});
        assertThat(noText.body()).contains("The file is no text in UTF-8.");
        var large = browser.upload(PAGE + "/plan", csrf, "file", "a.yaml", new byte[1024 * 1024 + 1]);
        assertThat(large.statusCode()).isEqualTo(422);
        assertThat(large.body()).contains("more than 1 MiB");
        assertThat(PLATFORM.sent("POST", "/api/v1/config/plan")).isEmpty();
    }

    @Test
    void aFormBeyondAllBoundsIsRefusedAndSaysWhy() {
        as("ada");
        var csrf = Browser.csrfOf(browser.get(PAGE));

        var refused = browser.upload(PAGE + "/plan", csrf, "file", "a.yaml", new byte[2 * 1024 * 1024 + 1]);

        assertThat(refused.statusCode()).isEqualTo(413);
        assertThat(refused.body()).contains("That is too large", "2 MB at most");
        assertThat(PLATFORM.sent("POST", "/api/v1/config/plan")).isEmpty();
    }

    @Test
    void allThatIsWrongIsToldAtOnceWithItsPlace() {
        PLATFORM.answers(
                PLAN,
                422,
                problem(
                        "invalid-plan",
                        "Nothing was planned.",
                        ",\"errors\":[{\"pointer\":\"/0/tasks/0/system\",\"detail\":\"TaskGroup daily: names no system\"},"
                                + "{\"pointer\":\"/1/kind\",\"detail\":\"is no kind <x>\"},"
                                + "{\"parameter\":\"prune\",\"detail\":\"System shop cannot be deleted: it is in use\"}]"));
        as("ada");

        var refused = planned("documents", DAILY, "source", "git:main");

        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(refused.body())
                .contains("/0/tasks/0/system TaskGroup daily: names no system.", "/1/kind is no kind &lt;x&gt;.")
                .contains("href=\"#prune\"", "it is in use", "key: daily", "value=\"git:main\"");
    }

    @Test
    void documentsWithSecretsAreKeptButNotShownAgain() {
        PLATFORM.answers(PLAN, 422, fault("/0/instances", "is missing"));
        as("ada");
        var documents = DAILY + "credentials: {main: {type: basic, username: u, password: very-private}}\n";

        var refused = planned("documents", documents);
        assertThat(refused.body()).doesNotContain("very-private").contains("kept, but not shown again");
        PLATFORM.answers(PLAN, 200, plan("h1"));
        var page = planned("documents", "", "kept", valueOf(refused, "kept"));

        assertThat(page.body()).contains("3 active runs").doesNotContain("very-private");
        assertThat(PLATFORM.sent("POST", "/api/v1/config/plan").get(1).body()).isEqualTo(documents);
        var edit = browser.get(PAGE + "?edit=" + pathOf(page).substring((PAGE + "/plan/").length()));
        assertThat(edit.body()).doesNotContain("very-private").contains("kept, but not shown again");
        var channel =
                planned("documents", "kind: Channel\nurl: https://hooks.example.com/very-private\n", "labels", "x");
        assertThat(channel.body()).doesNotContain("very-private");
    }

    @Test
    void applyingTakesAReasonAndTheHashOfWhatWasSeen() {
        PLATFORM.answers(PLAN, 200, plan("h1"));
        PLATFORM.answers(APPLY, 200, plan("h1"));
        as("ada");
        var path = pathOf(planned("documents", DAILY));

        var asked = page(path + "/apply?planHash=h1");
        assertThat(asked)
                .contains("1 created, 1 changed and 1 deleted in one transaction", "comes back by its files alone")
                .contains("create System shop", "change TaskGroup daily", "delete TaskGroup gone", "Keep as it is")
                .doesNotContain("Channel same");
        var without = send(path, path + "/apply?planHash=h1", "reason", " ", "key", "k1");
        assertThat(without.statusCode()).isEqualTo(422);
        assertThat(without.body()).contains("Say why");
        var done = send(path, path + "/apply?planHash=h1", "reason", "release 7", "key", "k2");

        assertThat(done.body()).contains("Applied: 1 created, 1 changed, 1 deleted, 4 as they were.");
        assertThat(PLATFORM.sent("POST", "/api/v1/config/apply"))
                .singleElement()
                .satisfies(call -> {
                    assertThat(call.query()).isEqualTo("planHash=h1&reason=release%207");
                    assertThat(call.headers().get("idempotency-key")).isEqualTo("\"k2\"");
                    assertThat(call.body()).isEqualTo(DAILY);
                });
        assertThat(browser.get(path).body()).contains("not kept any more");
    }

    @Test
    void aStalePlanLeadsToAFreshOneAndWhatWasTypedIsKept() {
        PLATFORM.answers(PLAN, 200, plan("h1"));
        PLATFORM.answers(APPLY, 412, problem("plan-stale", "Plan again and look at it anew.", ""));
        as("ada");
        var path = pathOf(planned("documents", DAILY));
        PLATFORM.answers(PLAN, 200, plan("h2"));

        var early = browser.get(path + "/apply?planHash=h1");
        assertThat(early.body()).contains("Things have changed since you looked", "planHash=h2");
        var stale = send(path, path + "/apply?planHash=h1", "reason", "release <7>", "key", "k1");

        assertThat(stale.statusCode()).isEqualTo(409);
        assertThat(stale.body())
                .contains("Things have changed since you looked", "The reason that you typed is kept.", "planHash=h2");
        assertThat(page(path + "/apply?planHash=h2")).contains("value=\"release &lt;7&gt;\"");
    }

    @Test
    void anApplyThatTakesASecondPersonSaysSo() {
        PLATFORM.answers(PLAN, 200, plan("h1"));
        PLATFORM.answers(APPLY, 202, "{\"changeId\":\"c1\"}");
        as("ada");
        var path = pathOf(planned("documents", DAILY));

        var waiting = send(path, path + "/apply?planHash=h1", "reason", "release 7", "key", "k1");

        assertThat(waiting.body()).contains("it waits for a second person");
    }

    @Test
    void anApplyThatTakesARecentSignInGoesOnAfterIt() {
        PLATFORM.answers(PLAN, 200, plan("h1"));
        PLATFORM.answers(APPLY, 200, plan("h1"));
        PLATFORM.takesRecentSignIn(APPLY);
        as("ada");
        var path = pathOf(planned("documents", DAILY));

        var asked = send(path, path + "/apply?planHash=h1", "reason", "release 7", "key", "k1", "back", path);
        var done = browser.post(
                "/account/confirm", Browser.csrfOf(asked), "password=" + FakePlatform.PASSWORD + "&back=" + path);

        assertThat(done.body()).contains("Applied: 1 created");
        assertThat(PLATFORM.sent("POST", "/api/v1/config/apply"))
                .singleElement()
                .satisfies(call -> assertThat(call.query()).isEqualTo("planHash=h1&reason=release%207"));
    }

    @Test
    void aPlanWithoutEffectIsNotToBeApplied() {
        PLATFORM.answers(
                PLAN,
                200,
                "{\"planHash\":\"h\",\"summary\":{\"create\":0,\"update\":0,\"delete\":0,\"unchanged\":1},\"items\":["
                        + "{\"kind\":\"System\",\"key\":\"a\",\"action\":\"UNCHANGED\",\"document\":0,\"version\":1,"
                        + "\"changes\":[],\"warnings\":[]}]}");
        as("ada");

        var page = planned("documents", DAILY);

        assertThat(page.body()).contains("Nothing would change").doesNotContain("/apply?");
        var discarded = send(PAGE, pathOf(page) + "/discard");
        assertThat(discarded.body()).contains("The documents are discarded");
        assertThat(browser.get(pathOf(page)).body()).contains("not kept any more");
    }

    private static String valueOf(HttpResponse<String> page, String name) {
        return Pages.valueOf(page, name);
    }
}
