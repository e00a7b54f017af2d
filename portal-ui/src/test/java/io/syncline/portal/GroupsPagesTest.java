package io.syncline.portal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The pages of task groups, against a platform with scripted answers. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"syncline.portal.client-id=portal", "syncline.portal.client-secret=portal-secret"})
class GroupsPagesTest {

    private static final FakePlatform PLATFORM = start();
    private static final String GROUP = "/api/v1/groups/airports-daily";
    private static final String PLAN = "POST /api/v1/config/plan";
    private static final String SCOPES = "[\"config:read\",\"config:write\",\"runs:operate\",\"runs:read\"]";

    @LocalServerPort
    private int port;

    private Browser browser;

    private static FakePlatform start() {
        try {
            return new FakePlatform();
        } catch (IOException trouble) {
            throw new AssertionError(trouble);
        }
    }

    @DynamicPropertySource
    static void platform(DynamicPropertyRegistry registry) {
        registry.add("syncline.portal.platform-url", PLATFORM::url);
    }

    @AfterAll
    static void stop() {
        PLATFORM.close();
    }

    @BeforeEach
    void signIn() {
        PLATFORM.reset();
        PLATFORM.person("eva", "Eva Lind", "[\"editor\",\"operator\"]", "[\"*\"]", SCOPES);
        PLATFORM.answers("/api/v1/groups", 200, GroupSamples.list());
        PLATFORM.answers(GROUP, 200, GroupSamples.group(17, "/sync/runways"));
        PLATFORM.answers(GROUP + "/fire-times", 200, GroupSamples.fireTimes());
        PLATFORM.answers("/api/v1/fire-times", 200, GroupSamples.fireTimes());
        PLATFORM.answers(GROUP + "/versions", 200, GroupSamples.versions());
        PLATFORM.answers(GROUP + "/versions/17", 200, GroupSamples.group(17, "/sync/runways"));
        PLATFORM.answers(GROUP + "/versions/16", 200, GroupSamples.group(16, "/sync/old"));
        PLATFORM.answers("/api/v1/systems", 200, "{\"items\":[{\"key\":\"data-consumer\"}],\"nextCursor\":null}");
        PLATFORM.answers("/api/v1/config/plan", 200, GroupSamples.plan());
        browser = new Browser(port);
        browser.signIn("eva", FakePlatform.PASSWORD);
    }

    private void viewer() {
        PLATFORM.person("vera", "Vera Voss", "[\"viewer\"]", "[\"airports\"]", "[\"config:read\",\"runs:read\"]");
        browser = new Browser(port);
        browser.signIn("vera", FakePlatform.PASSWORD);
    }

    @Test
    void theGridShowsEachTaskOfTheLastRunsAsAShapeThatIsALink() {
        PLATFORM.answers(GROUP + "/grid", 200, """
                {"group": "airports-daily", "tasks": ["runways", "countries"], "runs": [
                  {"runId": "r1", "state": "COMPLETED", "businessKey": null, "groupVersion": 16,
                   "createdAt": "2026-11-19T05:00:00Z", "tasks": [
                    {"taskRunId": "t1", "task": "runways", "state": "COMPLETED", "attempt": 1, "cause": null, "manual": false}]},
                  {"runId": "r2", "state": "FAILED", "businessKey": "2026-11-20", "groupVersion": 17,
                   "createdAt": "2026-11-20T05:00:00Z", "tasks": [
                    {"taskRunId": "t2", "task": "runways", "state": "COMPLETED", "attempt": 1, "cause": null, "manual": true},
                    {"taskRunId": "t3", "task": "countries", "state": "FAILED", "attempt": 3, "cause": "TIMED_OUT",
                     "manual": false}]}]}""");

        var page = browser.get("/groups/airports-daily").body();

        assertThat(page)
                .contains("aria-label=\"2026-11-19 05:00: COMPLETED\"", "aria-label=\"2026-11-20: FAILED\"")
                .contains("href=\"/runs/r2#task-countries\" aria-label=\"countries, 2026-11-20: FAILED (timed out)\"")
                .contains("1 completed, 1 completed by hand", "1 failed (timed out)")
                .contains("title=\"countries, 2026-11-19 05:00: not in this run\"");
    }

    @Test
    void theGroupStandsWithoutItsGrid() {
        PLATFORM.answers(GROUP + "/grid", 503, "{\"detail\":\"Overloaded.\"}");
        assertThat(browser.get("/groups/airports-daily").body())
                .contains("The last runs cannot be shown", "Overloaded.", "Next times");

        PLATFORM.answers(GROUP + "/grid", 200, "{\"group\":\"airports-daily\",\"tasks\":[],\"runs\":[]}");
        assertThat(browser.get("/groups/airports-daily").body()).contains("It has not run yet.");
    }

    @Test
    void theListSaysWhatStartsAGroupAndWhatItCalls() {
        var page = browser.get("/groups").body();

        assertThat(page).contains("airports-daily", "runways", "ASYNC", "com.example.ready from /billing");
        assertThat(page)
                .contains("at 02:30 every day, Europe/Berlin", "data-platform", "PAUSED", "maintenance of the CRM");
        assertThat(page).contains("people alone");
        assertThat(page)
                .contains("1 completed, 2 failed", "href=\"/runs/run-1\"", "aria-label=\"FAILED\"")
                .contains("2026-11-19 05:00:00", "every 1 d 2 h", "OVER TARGET");
        assertThat(page).contains("href=\"/groups/airports-daily/resume?back=/groups\"");
    }

    @Test
    void filtersOfTheListGoToThePlatformAndStayInTheAddress() {
        PLATFORM.forgetRequests();

        var page =
                browser.get("/groups?text=air&label=a%26b&owner=&paused=true").body();

        assertThat(PLATFORM.requests())
                .contains("GET /api/v1/groups?text=air&label=a%26b&paused=true&limit=50&recent=true");
        assertThat(page)
                .contains(
                        "label: a&amp;b, remove this filter",
                        "/groups?text=air&amp;label=a%26b&amp;paused=true&amp;cursor=next");
    }

    @Test
    void anEmptyListSaysWhetherNothingIsThereOrNothingMatches() {
        PLATFORM.answers("/api/v1/groups", 200, "{\"items\":[],\"nextCursor\":null}");

        assertThat(browser.get("/groups").body()).contains("No groups yet", "curl -X PUT");
        assertThat(browser.get("/groups?label=none").body()).contains("No group matches");
    }

    @Test
    void whoMayNotChangeGroupsReadsWhyInstead() {
        viewer();

        var list = browser.get("/groups").body();
        var page = browser.get("/groups/airports-daily").body();

        for (var body : new String[] {list, page}) {
            assertThat(body)
                    .contains("This needs the scope config:write; you have viewer.")
                    .contains("This needs the scope runs:operate; you have viewer.")
                    .contains("disabled")
                    .doesNotContain("href=\"/groups/airports-daily/edit\"");
        }
    }

    @Test
    void aGroupIsToldInWordsWithItsTimesInBothZones() {
        var page = browser.get("/groups/airports-daily").body();

        assertThat(page)
                .contains("A message of type com.example.ready from /billing starts it.")
                .contains("Time starts it at 02:30 every day, Europe/Berlin.")
                .contains("While a run of the same ordering key is active, the next one waits for it.")
                .contains("Without a success for longer than 26 h the data are stale.")
                .contains("On FAILED, OVERDUE it tells ops-mail.");
        assertThat(page).contains("Sun 2026-03-29 03:00:00 +02:00", "The clocks change before this one");
        assertThat(page)
                .contains("raise the timeout", "SYNC: waits, and is waited for", "ASYNC: beside its neighbours");
        assertThat(page).contains("href=\"/runs?group=airports-daily\"", "key: airports-daily");
    }

    @Test
    void aPausedGroupSaysWhoAndWhyAndOffersTheThreeWaysOn() {
        PLATFORM.answers(GROUP, 200, GroupSamples.paused());

        var page = browser.get("/groups/airports-daily").body();

        assertThat(page).contains("maintenance of the CRM", "bo");
        assertThat(page).contains("held=all", "held=latest", "held=none");
    }

    @Test
    void pausingAsksFirstAndTellsThePlatformOnceWithTheReason() {
        answersTo(
                "POST " + GROUP + "/pause",
                200,
                "{\"group\":\"airports-daily\",\"paused\":null,\"ended\":null}",
                Map.of());
        var asked = browser.get("/groups/airports-daily/pause?back=/groups");
        assertThat(asked.body()).contains("Pause group airports-daily", "starts nothing more");
        assertThat(sentTo("POST " + GROUP + "/pause").get(0).query()).isEqualTo("dryRun=true");

        var empty = post(asked, "/groups/airports-daily/pause", "key", "k1", "back", "/groups", "reason", " ");
        assertThat(empty.statusCode()).isEqualTo(422);
        assertThat(empty.body()).contains("Say why", "aria-invalid=\"true\"");
        var done = post(asked, "/groups/airports-daily/pause", "key", "k1", "back", "/groups", "reason", "CRM moves");

        assertThat(done.uri().getPath()).isEqualTo("/groups");
        assertThat(done.body()).contains("Group airports-daily is paused");
        var sent = sentTo("POST " + GROUP + "/pause");
        assertThat(sent).hasSize(2);
        assertThat(sent.get(1).body()).isEqualTo("{\"reason\":\"CRM moves\"}");
        assertThat(sent.get(1).headers()).containsEntry("idempotency-key", "\"k1\"");
    }

    @Test
    void resumingShowsWhatWaits() {
        answersTo(
                "POST " + GROUP + "/resume",
                200,
                "{\"ended\":{\"since\":\"2026-11-20T05:00:00Z\",\"by\":\"bo\",\"reason\":\"maintenance\"}}",
                Map.of());
        PLATFORM.answers(
                "/api/v1/runs",
                200,
                "{\"items\":[{\"runId\":\"r1\",\"businessKey\":\"2026-11-20\"}],\"nextCursor\":null}");

        var asked = browser.get("/groups/airports-daily/resume?held=latest");

        assertThat(asked.body())
                .contains(
                        "The pause of bo ends: maintenance",
                        "run r1 waits, business key 2026-11-20",
                        "the others end SKIPPED");
        post(asked, "/groups/airports-daily/resume?held=latest", "key", "k", "reason", "done");
        assertThat(sentTo("POST " + GROUP + "/resume").get(1).query()).isEqualTo("held=latest");
    }

    @Test
    void aRefusedActionKeepsWhatWasTypedAndSaysWhy() {
        answersTo(
                "DELETE " + GROUP,
                409,
                problem("in-use", "The task group 'airports-daily' has runs that have not ended."),
                Map.of());
        var asked = browser.get("/groups/airports-daily/delete");

        var refused = post(asked, "/groups/airports-daily/delete?version=17", "key", "k", "reason", "no longer used");

        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.body()).contains("has runs that have not ended", "no longer used");
        assertThat(sentTo("DELETE " + GROUP).get(0).headers()).containsEntry("if-match", "\"17\"");
    }

    @Test
    void runNowShowsWhatWouldStartAndThenStartsIt() {
        answersTo(
                "POST " + GROUP + "/start",
                200,
                "{\"runs\":[{\"runId\":\"r9\",\"group\":\"airports-daily\",\"state\":\"QUEUED\"}]}",
                Map.of());
        PLATFORM.answers("/api/v1/runs/r9", 200, Samples.failedRun());
        var form = browser.get("/groups/airports-daily/start");

        var tried = post(
                form,
                "/groups/airports-daily/start",
                "do",
                "try",
                "key",
                "k",
                "businessKey",
                "2026-11-20",
                "data",
                "{\"a\": 1}",
                "reason",
                "asked for");
        assertThat(tried.body()).contains("What would start", "QUEUED", "2026-11-20");
        var started = post(
                form,
                "/groups/airports-daily/start",
                "do",
                "start",
                "key",
                "k",
                "businessKey",
                "2026-11-20",
                "data",
                "{\"a\": 1}",
                "reason",
                "asked for");

        assertThat(started.uri().getPath()).isEqualTo("/runs/r9");
        var sent = sentTo("POST " + GROUP + "/start");
        assertThat(sent.get(0).query()).isEqualTo("dryRun=true");
        assertThat(sent.get(1).body())
                .isEqualTo("{\"reason\":\"asked for\",\"businessKey\":\"2026-11-20\",\"data\":{\"a\":1}}");
        assertThat(sent.get(1).headers()).containsEntry("idempotency-key", "\"k\"");
    }

    @Test
    void dataThatAreNoJsonAreNotSent() {
        var form = browser.get("/groups/airports-daily/start");

        var wrong = post(form, "/groups/airports-daily/start", "data", "{a", "reason", "");

        assertThat(wrong.statusCode()).isEqualTo(422);
        assertThat(wrong.body()).contains("The data are not JSON.", "href=\"#data\"", "{a", "2 things are wrong");
        assertThat(sentTo("POST " + GROUP + "/start")).isEmpty();
    }

    @Test
    void aGroupIsExportedAsADocumentThatCanBeSentBack() {
        var file = browser.get("/groups/airports-daily/export");

        assertThat(file.headers().firstValue("Content-Disposition"))
                .contains("attachment; filename=\"airports-daily.yaml\"");
        assertThat(file.body()).startsWith("apiVersion: syncline/v1\n").doesNotContain("status");
        assertThat(file.body()).contains("cron: \"0 30 2 * * ?\"", "time: \"03:30\"", "required: true");
    }

    @Test
    void versionsAreComparedByFieldAndSideBySide() {
        answersTo(
                "GET " + GROUP + "/versions/17",
                200,
                "{\"from\":16,\"to\":17,\"changes\":[{\"pointer\":\"/tasks/0/path\",\"before\":\"/sync/old\",\"after\":\"/sync/runways\"}]}",
                Map.of());

        var redirected = browser.get("/groups/airports-daily/compare?from=17&to=16");

        assertThat(redirected.uri().toString()).endsWith("/groups/airports-daily/versions/16?compare=17");
    }

    @Test
    void aComparisonNamesTheFieldByTheKeyOfItsTask() {
        PLATFORM.answers(GROUP + "/versions/17", 200, GroupSamples.groupAndDiff());

        var page = browser.get("/groups/airports-daily/versions/17?compare=16").body();

        assertThat(page).contains("tasks / runways / path", "/sync/old", "changed");
        assertThat(page).contains("class=\"changed\"");
        assertThat(page).contains("This is the newest version already.");
    }

    @Test
    void anOldVersionIsRestoredOverTheOneThatWasSeen() {
        answersTo("PUT " + GROUP, 200, GroupSamples.group(18, "/sync/old"), Map.of("ETag", "\"18\""));
        var asked = browser.get("/groups/airports-daily/versions/16/restore");
        assertThat(asked.body())
                .contains(
                        "Restore version 16 of airports-daily",
                        "changed: tasks / runways / path from /sync/runways to /sync/new");

        var done = post(
                asked, "/groups/airports-daily/versions/16/restore?over=17", "key", "k", "reason", "the new one fails");

        assertThat(done.body()).contains("Version 16 is restored as a new version.");
        var put = sentTo("PUT " + GROUP).get(0);
        assertThat(put.headers()).containsEntry("if-match", "\"17\"").containsEntry("content-type", "application/yaml");
        assertThat(put.query()).isEqualTo("reason=the%20new%20one%20fails");
        assertThat(put.body()).contains("/sync/old");
    }

    @Test
    void theEditorShowsOneDocumentAsFormAndAsYaml() {
        var page = browser.get("/groups/airports-daily/edit").body();

        assertThat(page).contains("name=\"f/tasks/0/path\"", "value=\"/sync/runways\"", "name=\"f/schedule/cron\"");
        assertThat(page).contains("name=\"document\"", "key: airports-daily");
        assertThat(page).contains("The platform would take it.", "One field differs", "2 active runs keep version 16");
        assertThat(page).doesNotContain("files manage it from now on");
        assertThat(page).contains("Next times of this schedule");
        assertThat(sentTo(PLAN)).hasSize(1);
    }

    @Test
    void errorsStandAtTheirFieldsAndInASummaryThatLeadsThere() {
        answersTo(PLAN, 422, """
                {"type":"https://syncline.io/problems/invalid-plan","detail":"Correct it.","errors":[
                 {"pointer":"/0/tasks/0/path","detail":"TaskGroup airports-daily: must start with a slash","code":"invalid-value"},
                 {"pointer":"/0/labels/1","detail":"TaskGroup airports-daily: is not one of your own labels","code":"foreign-label"},
                 {"pointer":"/0/owenr","detail":"TaskGroup airports-daily: unknown member","code":"unknown-member"}]}""", Map.of());

        var page = browser.get("/groups/airports-daily/edit").body();

        assertThat(page)
                .contains("3 things are wrong", "href=\"#f-tasks-0-path\"", "href=\"#f-labels\"", "href=\"#document\"");
        assertThat(page).contains("tasks / runways / path").doesNotContain("TaskGroup airports-daily: must");
        var field = page.substring(page.indexOf("id=\"f-tasks-0-path\""));
        assertThat(field.substring(0, field.indexOf('>'))).contains("aria-invalid=\"true\"", "f-tasks-0-path-fault");
    }

    @Test
    void theFormIsAppliedToTheYamlAndLeavesTheRestAlone() {
        var editor = browser.get("/groups/airports-daily/edit");
        var yaml = documentOf(editor);

        var applied = post(
                editor,
                "/groups/airports-daily/edit",
                "do",
                "apply",
                "version",
                "17",
                "document",
                yaml.replace("owner: data-platform", "owner: night-team"),
                "shown",
                yaml,
                "f/owner",
                "data-platform",
                "f/tasks/0/path",
                "/sync/new",
                "f/defaults/retry/maxAttempts",
                "5",
                "f/labels",
                "airports, billing",
                "f/schedule/cron",
                "",
                "f/schedule/zone",
                "");

        var result = documentOf(applied);
        assertThat(result)
                .contains("owner: night-team", "path: /sync/new", "maxAttempts: 5", "- airports\n- billing")
                .contains("interval: PT10S", "later: kept")
                .doesNotContain("schedule:");
    }

    @Test
    void tasksAreAddedMovedAndRemovedByButtons() {
        var editor = browser.get("/groups/airports-daily/edit");
        var yaml = documentOf(editor);

        var moved = documentOf(operation(editor, yaml, "down /tasks/0"));
        assertThat(moved.indexOf("key: publish")).isLessThan(moved.indexOf("key: runways"));
        var removed = documentOf(operation(editor, yaml, "remove /tasks/1"));
        assertThat(removed).contains("key: runways").doesNotContain("key: publish");
        var added = documentOf(operation(editor, yaml, "add /alerts"));
        assertThat(added.split("- when:", -1)).hasSize(3);
        assertThat(documentOf(operation(editor, yaml, "remove /secrets/1"))).isEqualTo(yaml);
    }

    @Test
    void whatIsNoYamlStaysAsTypedAndHasNoForm() {
        answersTo(
                PLAN,
                400,
                problem("malformed-body", "not one readable YAML document: found a tab (line 2, column 1)"),
                Map.of());
        var editor = browser.get("/groups/airports-daily/edit");

        var wrong = post(
                editor,
                "/groups/airports-daily/edit",
                "do",
                "check",
                "version",
                "17",
                "document",
                "key: [a",
                "shown",
                "");

        assertThat(documentOf(wrong)).isEqualTo("key: [a");
        assertThat(wrong.body())
                .contains("found a tab (line 2, column 1)", "there is no form of it")
                .doesNotContain("name=\"f/");
    }

    @Test
    void aStructureThatCannotBeReadStaysInItsField() {
        var editor = browser.get("/groups/airports-daily/edit");
        var yaml = documentOf(editor);

        var wrong = post(
                editor,
                "/groups/airports-daily/edit",
                "do",
                "check",
                "version",
                "17",
                "document",
                yaml,
                "shown",
                yaml,
                "f/tasks/0/parameters",
                "dataset: [a");

        assertThat(wrong.body()).contains("is not readable as YAML", "dataset: [a");
        assertThat(documentOf(wrong)).contains("dataset: runways");
    }

    @Test
    void aDraftIsKeptAndCanBeDiscarded() {
        var editor = browser.get("/groups/airports-daily/edit");
        var yaml = documentOf(editor);
        post(
                editor,
                "/groups/airports-daily/edit",
                "do",
                "check",
                "version",
                "17",
                "document",
                yaml.replace("data-platform", "me"),
                "shown",
                yaml);

        var again = browser.get("/groups/airports-daily/edit");
        assertThat(again.body()).contains("This is your draft of", "owner: me");
        PLATFORM.answers(GROUP, 200, GroupSamples.group(18, "/sync/theirs"));
        assertThat(browser.get("/groups/airports-daily/edit").body()).contains("after this draft was begun");

        var discarded = post(again, "/groups/airports-daily/edit", "do", "discard", "document", "x", "shown", "");
        assertThat(discarded.body()).doesNotContain("This is your draft").contains("/sync/theirs");
    }

    @Test
    void aChangeIsReviewedSavedWithItsReasonAndTheVersionThatWasEdited() {
        answersTo("PUT " + GROUP, 200, GroupSamples.group(18, "/sync/new"), Map.of("ETag", "\"18\""));
        var editor = browser.get("/groups/airports-daily/edit");
        var yaml = documentOf(editor);

        var review = post(
                editor,
                "/groups/airports-daily/edit",
                "do",
                "review",
                "version",
                "17",
                "document",
                yaml,
                "shown",
                yaml);
        assertThat(review.body())
                .contains(
                        "tasks / runways / path",
                        "/sync/new",
                        "2 active runs keep version 16",
                        "Save as a new version");
        var empty = post(
                review,
                "/groups/airports-daily/edit/save",
                "version",
                "17",
                "document",
                documentOf(review),
                "reason",
                "");
        assertThat(empty.statusCode()).isEqualTo(422);
        assertThat(empty.body()).contains("Say why", "href=\"#reason\"");
        var saved = post(
                review,
                "/groups/airports-daily/edit/save",
                "version",
                "17",
                "document",
                documentOf(review),
                "reason",
                "new path");

        assertThat(saved.uri().getPath()).isEqualTo("/groups/airports-daily");
        assertThat(saved.body()).contains("Version 18 is saved.");
        var put = sentTo("PUT " + GROUP).get(0);
        assertThat(put.headers()).containsEntry("if-match", "\"17\"");
        assertThat(put.query()).isEqualTo("reason=new%20path");
        assertThat(put.body()).isEqualTo(yaml);
        assertThat(browser.get("/groups/airports-daily/edit").body()).doesNotContain("This is your draft");
    }

    @Test
    void aDocumentThatIsWrongIsNotReviewed() {
        var editor = browser.get("/groups/airports-daily/edit");
        var yaml = documentOf(editor).replace("key: airports-daily", "key: other");

        var refused = post(
                editor, "/groups/airports-daily/edit", "do", "review", "version", "17", "document", yaml, "shown", "");

        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(refused.body()).contains("must stay &#39;airports-daily&#39;");
    }

    @Test
    void aChangeThatNeedsASecondPersonSaysSo() {
        answersTo("PUT " + GROUP, 202, "{\"changeId\":\"c77\",\"state\":\"PENDING\"}", Map.of());
        var editor = browser.get("/groups/airports-daily/edit");

        var saved = post(
                editor,
                "/groups/airports-daily/edit/save",
                "version",
                "17",
                "document",
                documentOf(editor),
                "reason",
                "x");

        assertThat(saved.body()).contains("a second person must approve it, as change c77");
    }

    @Test
    void aLostRaceShowsBaseTheirsAndMineByField() {
        var editor = browser.get("/groups/airports-daily/edit");
        var mine = documentOf(editor)
                .replace("path: /sync/runways", "path: /sync/mine")
                .replace("owner: data-platform", "owner: me");
        answersTo("PUT " + GROUP, 412, problem("version-conflict", "It has changed since."), Map.of());
        PLATFORM.answers(GROUP, 200, GroupSamples.group(18, "/sync/theirs"));
        PLATFORM.answers(GROUP + "/versions/18", 200, GroupSamples.group(18, "/sync/theirs"));

        var conflict =
                post(editor, "/groups/airports-daily/edit/save", "version", "17", "document", mine, "reason", "x");

        assertThat(conflict.statusCode()).isEqualTo(409);
        assertThat(conflict.body())
                .contains("/sync/runways", "/sync/theirs", "/sync/mine", "both changed", "take:tasks / runways / path");
        var merged = post(
                conflict,
                "/groups/airports-daily/edit/merge",
                "version",
                "17",
                "theirs",
                "18",
                "document",
                mine,
                "do",
                "merge",
                "take:tasks / runways / path",
                "THEIRS",
                "take:owner",
                "MINE");
        assertThat(documentOf(merged)).contains("path: /sync/theirs", "owner: me");
        assertThat(merged.body()).contains("This is built on version 18 now.", "name=\"version\" value=\"18\"");
        var over = post(
                conflict,
                "/groups/airports-daily/edit/merge",
                "version",
                "17",
                "theirs",
                "18",
                "document",
                mine,
                "do",
                "mine");
        assertThat(documentOf(over)).contains("path: /sync/mine", "owner: me");
    }

    @Test
    void aGroupOfFilesIsReadAndDetachedByAnAuditedChoice() {
        PLATFORM.answers(GROUP, 200, GroupSamples.managed());
        answersTo("PUT " + GROUP, 200, GroupSamples.group(18, "/sync/runways"), Map.of("ETag", "\"18\""));

        var page = browser.get("/groups/airports-daily/edit");
        assertThat(page.body()).contains("is managed by files", "git:main@4bf9").doesNotContain("name=\"f/");
        var asked = browser.get("/groups/airports-daily/detach");
        assertThat(asked.body()).contains("Detach group airports-daily from its files", "git:main@4bf9");
        post(asked, "/groups/airports-daily/detach", "key", "k", "reason", "hotfix");

        assertThat(sentTo("PUT " + GROUP).get(0).query()).isEqualTo("reason=hotfix&detach=true");
    }

    @Test
    void aNewGroupIsNotToldWhatItLacksBeforeAnybodyTyped() {
        answersTo(PLAN, 422, "{\"errors\":[{\"pointer\":\"/0/key\",\"detail\":\"a key is required\"}]}", Map.of());

        var fresh = browser.get("/groups/new");
        assertThat(fresh.body()).contains("name=\"f/key\"").doesNotContain("things are wrong", "One thing is wrong");
        var checked = post(fresh, "/groups/new", "do", "check", "document", documentOf(fresh), "shown", "");
        assertThat(checked.body()).contains("One thing is wrong", "a key is required", "href=\"#f-key\"");
    }

    @Test
    void aNewGroupIsCreatedAndACopyBeginsWithAnotherKey() {
        answersTo("PUT " + GROUP + "-copy", 201, "{}", Map.of("ETag", "\"1\""));
        PLATFORM.answers(
                GROUP + "-copy",
                200,
                GroupSamples.group(1, "/sync/runways").replace("airports-daily", "airports-daily-copy"));
        PLATFORM.answers(GROUP + "-copy/versions", 200, GroupSamples.versions());
        PLATFORM.answers(GROUP + "-copy/fire-times", 200, GroupSamples.fireTimes());
        PLATFORM.answers("/api/v1/config/plan", 200, GroupSamples.plan().replace("UPDATE", "CREATE"));

        var copy = browser.get("/groups/new?from=airports-daily");
        assertThat(documentOf(copy)).contains("key: airports-daily-copy").doesNotContain("status:");
        var review = post(copy, "/groups/new", "do", "review", "document", documentOf(copy), "shown", "");
        assertThat(review.body()).contains("A new group is created.", "Create group");
        var saved = post(review, "/groups/new/save", "document", documentOf(review), "reason", "another city");

        assertThat(saved.uri().getPath()).isEqualTo("/groups/airports-daily-copy");
        assertThat(sentTo("PUT " + GROUP + "-copy").get(0).headers()).containsEntry("if-none-match", "*");
    }

    @Test
    void aNewGroupMayNotTakeTheKeyOfAnother() {
        var fresh = browser.get("/groups/new?from=airports-daily");

        var refused = post(fresh, "/groups/new", "do", "review", "document", documentOf(fresh), "shown", "");

        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(refused.body()).contains("there is a group &#39;airports-daily-copy&#39; already");
    }

    @Test
    void whileSomebodyTypesTheOtherSideAndTheJudgementComeBack() {
        var editor = browser.get("/groups/airports-daily/edit");
        var yaml = documentOf(editor);

        var ofForm = post(
                editor,
                "/groups/airports-daily/edit/check?part=form",
                "version",
                "17",
                "document",
                yaml,
                "shown",
                yaml,
                "f/owner",
                "me");
        assertThat(ofForm.body())
                .contains(
                        "id=\"check\"",
                        "id=\"yaml-box\" data-hx-swap-oob=\"true\"",
                        "owner: me",
                        "id=\"f-owner-fault\"");
        assertThat(ofForm.body()).doesNotContain("id=\"form-box\"");
        var ofYaml = post(
                editor,
                "/groups/airports-daily/edit/check?part=yaml",
                "version",
                "17",
                "document",
                yaml.replace("data-platform", "you"),
                "shown",
                yaml,
                "f/owner",
                "data-platform");
        assertThat(ofYaml.body())
                .contains("id=\"form-box\" data-hx-swap-oob=\"true\"", "value=\"you\"")
                .doesNotContain("id=\"yaml-box\"");
    }

    @Test
    void aTestCallIsMadeForRealAndToldStepByStep() {
        answersTo("POST " + GROUP + "/tasks/runways/test-call", 200, GroupSamples.testCall(), Map.of());
        var form = browser.get("/groups/airports-daily/tasks/runways/test-call");
        assertThat(form.body())
                .contains(
                        "Call <span class=\"after\">data-consumer</span>",
                        "for real",
                        "answered 404",
                        "/syncline/test-calls");

        var called = post(
                form, "/groups/airports-daily/tasks/runways/test-call", "do", "call", "key", "k", "reason", "new path");

        assertThat(called.body())
                .contains("ACCEPTED", "Limits and breaker", "answered 202", "Authorization: ****", "412");
        var sent = sentTo("POST " + GROUP + "/tasks/runways/test-call").get(0);
        assertThat(sent.body()).isEqualTo("{\"reason\":\"new path\"}");
        assertThat(called.body()).doesNotContain("name=\"key\" value=\"k\"");
    }

    @Test
    void aTestCallNeedsTheRightToChangeTheGroupAndATask() {
        assertThat(browser.get("/groups/airports-daily/tasks/none/test-call").statusCode())
                .isEqualTo(404);
        viewer();

        var page = browser.get("/groups/airports-daily/tasks/runways/test-call").body();

        assertThat(page).contains("This needs the scope config:write; you have viewer.", "disabled=\"disabled\"");
    }

    @Test
    void aSimulatedTriggerListsWhatWouldRun() {
        PLATFORM.person("ada", "Ada", "[\"admin\"]", "[\"*\"]", "[\"admin\",\"triggers:write\",\"config:read\"]");
        answersTo(
                "POST /api/v1/triggers",
                200,
                "{\"dryRun\":true,\"status\":\"ACCEPTED\",\"runs\":[{\"group\":\"airports-daily\",\"state\":\"RUNNING\"}]}",
                Map.of());
        browser = new Browser(port);
        browser.signIn("ada", FakePlatform.PASSWORD);

        var form = browser.get("/groups/simulate?group=airports-daily");
        assertThat(form.body()).contains("value=\"/billing\"", "value=\"com.example.ready\"");
        var told = post(
                form,
                "/groups/simulate",
                "source",
                "/billing",
                "type",
                "com.example.ready",
                "subject",
                "2026-11-20",
                "id",
                "e1",
                "data",
                "{\"a\":1}");

        assertThat(told.body()).contains("a run of", "airports-daily", "RUNNING");
        var sent = sentTo("POST /api/v1/triggers").get(0);
        assertThat(sent.query()).isEqualTo("dryRun=true");
        assertThat(sent.headers().get("content-type")).startsWith("application/cloudevents+json");
        assertThat(sent.body()).contains("\"specversion\":\"1.0\"", "\"id\":\"e1\"", "\"data\":{\"a\":1}");
    }

    @Test
    void whoMaySimulateNothingReadsWhy() {
        assertThat(browser.get("/groups/simulate").body()).contains("This needs the scope triggers:write");
    }

    @Test
    void anUnknownGroupIsNotFoundAndAPlatformInTroubleIsSaid() {
        assertThat(browser.get("/groups/none").statusCode()).isEqualTo(404);
        PLATFORM.answers("/api/v1/groups", 503, "{\"detail\":\"Overloaded.\"}");
        assertThat(browser.get("/groups").statusCode()).isEqualTo(503);
    }

    private HttpResponse<String> operation(HttpResponse<String> editor, String yaml, String operation) {
        return post(
                editor,
                "/groups/airports-daily/edit",
                "version",
                "17",
                "document",
                yaml,
                "shown",
                yaml,
                "op",
                operation);
    }

    private HttpResponse<String> post(HttpResponse<String> page, String path, String... pairs) {
        var form = new StringBuilder();
        for (int i = 0; i < pairs.length; i += 2) {
            form.append(form.isEmpty() ? "" : "&")
                    .append(URLEncoder.encode(pairs[i], StandardCharsets.UTF_8))
                    .append('=')
                    .append(URLEncoder.encode(pairs[i + 1], StandardCharsets.UTF_8));
        }
        return browser.post(path, Browser.csrfOf(page), form.toString());
    }

    private static String documentOf(HttpResponse<String> page) {
        var found = Pattern.compile("<textarea[^>]* name=\"document\"[^>]*>\\n?(.*?)</textarea>", Pattern.DOTALL)
                .matcher(page.body());
        var other = Pattern.compile("<textarea name=\"document\"[^>]*>\\n?(.*?)</textarea>", Pattern.DOTALL)
                .matcher(page.body());
        var matcher = found.find() ? found : other;
        if (matcher == other && !other.find()) {
            throw new AssertionError("no document on " + page.uri() + ": " + page.body());
        }
        return matcher.group(1)
                .replace("&quot;", "\"")
                .replace("&#39;", "'")
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&amp;", "&");
    }

    /** @param call method and path */
    private static void answersTo(String call, int status, String json, Map<String, String> headers) {
        var words = call.split(" ", 2);
        PLATFORM.answers(words[0], words[1], status, json, headers);
    }

    private static List<FakePlatform.Sent> sentTo(String call) {
        var words = call.split(" ", 2);
        return PLATFORM.sent(words[0], words[1]);
    }

    private static String problem(String slug, String detail) {
        return "{\"type\":\"https://syncline.io/problems/%s\",\"detail\":\"%s\"}".formatted(slug, detail);
    }
}
