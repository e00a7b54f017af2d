package io.syncline.portal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** Systems, their credentials, and the approved destinations. */
class SystemPagesTest extends Pages {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String LIST = "/api/v1/systems";
    private static final String CRM = LIST + "/crm";
    private static final String SECRET = "planted-S3cret-77";
    private static final String PROBLEM = "{\"type\":\"https://syncline.io/problems/%s\",\"detail\":\"%s\"}";

    private static final String DOCUMENT = """
            {"apiVersion": "syncline/v1", "kind": "System", "key": "crm", "description": "Customers", "owner": "sales",
             "labels": ["billing"], "instances": ["https://crm-1.example.com", "https://crm-2.example.com/"],
             "auth": {"type": "basic", "credential": "user", "later": 1}, "limits": {"concurrency": 8},
             "credentials": {"user": {"type": "basic", "username": "syncline", "secretSetAt": "2026-11-01T00:00:00Z",
                "fingerprint": "41c9e0", "usedAt": "2026-11-20T13:00:00Z", "previousUntil": "2026-11-22T00:00:00Z",
                "previousFingerprint": "90ab12", "previousUsedAt": "2026-11-20T12:57:00Z"},
               "gone": {"type": "api-key", "header": "X-Key", "clearedAt": "2026-11-02T00:00:00Z"}},
             "status": {"version": 7, "createdAt": "2026-11-20T10:00:00Z", "createdBy": "ana",
               "groups": ["customer-sync"], "moreGroups": false,
               "instances": [{"url": "https://crm-1.example.com", "state": "CLOSED"}, {"url": "https://crm-2.example.com", "state": "OPEN"}]}}""";

    private static final String YAML = """
            apiVersion: syncline/v1
            kind: System
            key: crm
            owner: sales
            credentials:
              user:
                type: basic
                username: syncline
                secretSetAt: "2026-11-01T00:00:00Z"
                fingerprint: 41c9e0
            status:
              version: 7
            """;

    @BeforeEach
    void systems() {
        PLATFORM.answers("GET", CRM, 200, DOCUMENT, Map.of("ETag", "\"7\""));
        PLATFORM.answers(LIST, 200, """
                {"items": [
                  {"key": "crm", "version": 7, "description": "<i>Customers</i>", "owner": "sales", "labels": ["billing"],
                   "instances": ["https://crm-1.example.com", "https://crm-2.example.com"], "auth": "basic",
                   "groups": ["customer-sync"], "moreGroups": true,
                   "instanceStates": [{"url": "https://crm-1.example.com", "state": "CLOSED"}, {"url": "https://crm-2.example.com", "state": "OPEN"}],
                   "changedAt": "2026-11-20T10:00:00Z", "changedBy": "ana"},
                  {"key": "erp", "version": 1, "labels": [], "instances": [], "changedAt": "2026-11-20T10:00:00Z", "changedBy": "bo"}],
                 "nextCursor": "n+1"}""");
    }

    /** The document as YAML instead of JSON: the fake does not look at Accept. */
    private static void answerYaml() {
        PLATFORM.answers("GET", CRM, 200, YAML, Map.of("ETag", "\"7\"", "Content-Type", "application/yaml"));
    }

    @Test
    void theListTellsWhoOwnsASystemWhoUsesItAndHowItStands() {
        signIn("viewer", "config:read");

        var page = browser.get("/systems").body();

        assertThat(page)
                .contains(
                        "crm",
                        "sales",
                        "billing",
                        "1 of 2 answer",
                        "customer-sync",
                        "and others",
                        "only sends",
                        "shared")
                .contains("/systems?cursor=n%2B1")
                .contains("&lt;i&gt;Customers")
                .contains("Takes the scope config:write, which editors have.");
    }

    @Test
    void theFirstSystemIsRegisteredFromTheEmptyList() {
        PLATFORM.answers(LIST, 200, "{\"items\":[],\"nextCursor\":null}");
        signIn("editor", "config:read", "config:write");

        assertThat(browser.get("/systems").body()).contains("Register the first system", "curl -X PUT", "/new/system");
    }

    @Test
    void aSystemShowsItsInstancesLimitsAndCredentialsWithoutSecrets() {
        signIn("editor", "config:read", "config:write");

        var page = browser.get("/systems/crm").body();

        assertThat(page)
                .contains(
                        "https://crm-1.example.com",
                        "answers",
                        "shut off, trial calls only",
                        "ROUND_ROBIN",
                        "unlimited")
                .contains("user syncline", "41c9e0", "both valid, the old one until", "90ab12", "old one last used")
                .contains("cleared: send it again", "header X-Key")
                .contains("/systems/crm/credentials/user/rotate", "/groups/customer-sync");
    }

    @Test
    void whoMayOnlyReadSeesTheActionsWithTheReasonWhyNot() {
        signIn("viewer", "config:read");

        assertThat(browser.get("/systems/crm").body())
                .contains("These take the scope config:write")
                .doesNotContain("/systems/crm/edit\"", "/systems/crm/delete\"", "/credentials/user/rotate\"");
        assertThat(browser.get("/systems/none").statusCode()).isEqualTo(404);
    }

    @Test
    void aTestTellsEachStep() {
        PLATFORM.answers(
                "POST",
                CRM + "/test",
                200,
                "{\"system\":\"crm\",\"status\":\"FAILED\",\"durationMs\":41,\"targets\":[{\"instance\":\"https://crm-1.example.com\",\"auth\":\"basic\",\"credential\":\"user\",\"status\":\"FAILED\",\"steps\":["
                        + "{\"step\":\"dns\",\"status\":\"OK\",\"durationMs\":3,\"detail\":\"leads to 192.0.2.1\"},{\"step\":\"tls\",\"status\":\"SKIPPED\",\"durationMs\":0,\"detail\":\"without TLS\"},"
                        + "{\"step\":\"ping\",\"status\":\"FAILED\",\"durationMs\":9,\"detail\":\"the instance refused the credential with 401\"}]}]}",
                Map.of());
        signIn("editor", "config:read", "config:write");
        var page = browser.get("/systems/crm");

        var tested = send(page, "/systems/crm/test", "credential", "user");

        assertThat(tested.statusCode()).isEqualTo(200);
        assertThat(tested.body())
                .contains("something failed", "leads to 192.0.2.1", "the instance refused the credential with 401")
                .contains("role=\"status\" aria-label=\"Test of the connection\"");
        assertThat(PLATFORM.sent("POST", CRM + "/test").get(0).body()).isEqualTo("{\"credential\":\"user\"}");
    }

    @Test
    void aTestThatIsNotMadeSaysWhy() {
        PLATFORM.answers(
                "POST", CRM + "/test", 429, PROBLEM.formatted("too-many-tests", "A test is under way."), Map.of());
        signIn("editor", "config:read", "config:write");

        var tested = send(browser.get("/systems/crm"), "/systems/crm/test");

        assertThat(tested.body()).contains("The test was not made", "A test is under way.", "Instances");
    }

    @Test
    void theFormChangesItsMembersAndKeepsTheOthers() {
        PLATFORM.answers("PUT", CRM, 200, DOCUMENT, Map.of("ETag", "\"8\""));
        signIn("editor", "config:read", "config:write");
        var form = browser.get("/systems/crm/edit");

        var saved = send(
                form,
                "/systems/crm/edit",
                "etag",
                valueOf(form, "etag"),
                "description",
                "",
                "owner",
                "crm-team",
                "labels",
                "billing, sales",
                "instances",
                "https://crm-1.example.com\r\n\r\n https://crm-3.example.com ",
                "routing",
                "ROUND_ROBIN",
                "authType",
                "basic",
                "authCredential",
                "user",
                "concurrency",
                "8",
                "ratePerSecond",
                "2.5",
                "sources",
                "/crm");

        assertThat(saved.body()).contains("The system is changed");
        var sent = PLATFORM.sent("PUT", CRM).get(0);
        assertThat(sent.headers()).containsEntry("if-match", "\"7\"");
        var document = JSON.readTree(sent.body());
        assertThat(document.has("status")).isFalse();
        assertThat(document.has("description")).isFalse();
        assertThat(document.at("/owner").asString()).isEqualTo("crm-team");
        assertThat(document.at("/labels").toString()).isEqualTo("[\"billing\",\"sales\"]");
        assertThat(document.at("/instances").toString())
                .isEqualTo("[\"https://crm-1.example.com\",\"https://crm-3.example.com\"]");
        assertThat(document.has("routing")).isFalse();
        assertThat(document.at("/auth/later").asInt()).isEqualTo(1);
        assertThat(document.at("/limits").toString()).isEqualTo("{\"concurrency\":8,\"ratePerSecond\":2.5}");
        assertThat(document.at("/credentials/user/username").asString()).isEqualTo("syncline");
    }

    @Test
    void whoComesSecondSeesBothVersions() {
        PLATFORM.answers("PUT", CRM, 412, PROBLEM.formatted("version-conflict", "It has changed since."), Map.of());
        signIn("editor", "config:read", "config:write");
        var form = browser.get("/systems/crm/edit");

        var refused = send(form, "/systems/crm/edit", "etag", "\"6\"", "owner", "crm-team", "labels", "billing");

        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.body())
                .contains(
                        "Somebody else has changed it meanwhile", "crm-team", "sales", "Save mine in place of theirs");
        assertThat(valueOf(refused, "etag")).isEqualTo("\"7\"");
        assertThat(valueOf(refused, "owner")).isEqualTo("crm-team");
    }

    @Test
    void faultsOfADocumentAreToldAtTheirFields() {
        PLATFORM.answers(
                "PUT",
                CRM,
                422,
                "{\"type\":\"https://syncline.io/problems/invalid-document\",\"errors\":[{\"pointer\":\"/instances/0\",\"detail\":\"the destination is not approved\"},{\"pointer\":\"/limits/concurrency\",\"detail\":\"must be from 1 to 10000\"},{\"pointer\":\"/auth/credential\",\"detail\":\"is unknown\"},{\"pointer\":\"/mystery\",\"detail\":\"is odd\"}]}",
                Map.of());
        signIn("editor", "config:read", "config:write");
        var form = browser.get("/systems/crm/edit");

        var refused =
                send(form, "/systems/crm/edit", "etag", "\"7\"", "instances", "http://nowhere", "concurrency", "none");

        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(refused.body())
                .contains(
                        "href=\"#instances\"",
                        "id=\"instances-fault\"",
                        "href=\"#concurrency\"",
                        "href=\"#authCredential\"")
                .contains("href=\"#save\"", "/mystery is odd.", "http://nowhere", "value=\"none\"");
    }

    @Test
    void aSystemIsRegisteredOnce() {
        signIn("editor", "config:read", "config:write");
        var form = browser.get("/new/system");
        PLATFORM.answers("PUT", CRM, 201, DOCUMENT, Map.of("ETag", "\"1\""));

        var badKey = send(form, "/new/system", "key", "No Key", "owner", "kept");
        var made = send(form, "/new/system", "key", "crm", "instances", "https://crm-1.example.com");
        PLATFORM.answers("PUT", CRM, 412, PROBLEM.formatted("version-conflict", "It exists already."), Map.of());
        var again = send(form, "/new/system", "key", "crm");

        assertThat(badKey.statusCode()).isEqualTo(422);
        assertThat(badKey.body()).contains("href=\"#key\"", "value=\"kept\"");
        assertThat(made.uri().getPath()).isEqualTo("/systems/crm");
        assertThat(PLATFORM.sent("PUT", CRM).get(0).headers()).containsEntry("if-none-match", "*");
        assertThat(again.body()).contains("There is a system of this key already.");
    }

    @Test
    void aChangeThatWaitsForASecondPersonIsNotCalledDone() {
        PLATFORM.answers("PUT", CRM, 202, "{\"changeId\":\"c-1\"}", Map.of("Location", "/api/v1/changes/c-1"));
        signIn("editor", "config:read", "config:write");
        var form = browser.get("/systems/crm/edit");

        var saved = send(form, "/systems/crm/edit", "etag", "\"7\"", "owner", "x");

        assertThat(saved.body())
                .contains("it waits for a second person, under Settings, Pending changes, as change c-1.");
    }

    @Test
    void theDocumentIsEditedWithoutWhatThePlatformAdds() {
        answerYaml();
        signIn("editor", "config:read", "config:write");

        var page = browser.get("/systems/crm/edit?as=text").body();

        assertThat(page).contains("username: syncline").doesNotContain("secretSetAt", "fingerprint", "version: 7");
    }

    @Test
    void aSecretInADocumentThatWasRefusedIsNotShownAgain() {
        answerYaml();
        PLATFORM.answers(
                "PUT",
                CRM,
                422,
                "{\"type\":\"https://syncline.io/problems/invalid-document\",\"errors\":[{\"pointer\":\"/owner\",\"detail\":\"is too long\"}]}",
                Map.of());
        signIn("editor", "config:read", "config:write");
        var form = browser.get("/systems/crm/edit?as=text");

        for (var text : new String[] {
            "key: crm\nowner: kept-owner\ncredentials:\n  user: {type: basic, password: " + SECRET + "}\nmore: 1\n",
            "key: crm\nowner: kept-owner\ncredentials:\n  user:\n    type: basic\n    password: " + SECRET
                    + "\n    username: kept\n",
            "key: crm\nowner: kept-owner\ncredentials:\n  user:\n    privateKey: |\n      line\n      " + SECRET
                    + "\n    username: kept\n",
            "key: crm\nowner: kept-owner\ncredentials:\n  user:\n    client_secret: >-\n\n      " + SECRET + "\n",
            "{\"key\":\"crm\",\"owner\":\"kept-owner\",\"credentials\":{\"user\":{\"password\":\"" + SECRET + "\"}}}",
            "{\"key\":\"crm\",\"owner\":\"kept-owner\",\"credentials\":{\"user\":{\"password\":\n\"" + SECRET + "\"}",
        }) {
            var refused = send(form, "/systems/crm/edit", "text", text, "etag", "\"7\"");

            assertThat(refused.statusCode()).as(text).isEqualTo(422);
            assertThat(refused.body())
                    .as(text)
                    .contains("kept-owner", "are not shown again", "/owner is too long.")
                    .doesNotContain(SECRET);
        }
        var sent = PLATFORM.sent("PUT", CRM);
        assertThat(sent).allSatisfy(one -> assertThat(one.body()).contains(SECRET));
        assertThat(sent.get(0).headers().get("content-type")).startsWith("application/yaml");
        assertThat(sent.get(4).headers().get("content-type")).startsWith("application/json");
    }

    @Test
    void textsThatCollideStandSideBySide() {
        answerYaml();
        PLATFORM.answers("PUT", CRM, 412, PROBLEM.formatted("version-conflict", "It has changed since."), Map.of());
        signIn("editor", "config:read", "config:write");
        var form = browser.get("/systems/crm/edit?as=text");

        var refused = send(form, "/systems/crm/edit", "text", "key: crm\nowner: m\u00fcller\n", "etag", "\"5\"");

        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.body()).contains("owner: m\u00fcller", "owner: sales", "aria-label=\"Their version\"");
        assertThat(valueOf(refused, "etag")).isEqualTo("\"7\"");
        assertThat(PLATFORM.sent("PUT", CRM).get(0).body()).contains("m\u00fcller");
    }

    @Test
    void deletingSaysWhatGoesAndWhyItIsRefused() {
        PLATFORM.answers(
                "DELETE",
                CRM,
                409,
                PROBLEM.formatted(
                        "in-use", "The system 'crm' is named by the task groups customer-sync; it cannot be deleted."),
                Map.of());
        signIn("editor", "config:read", "config:write");
        var question = browser.get("/systems/crm/delete");

        var refused = send(question, "/systems/crm/delete", "reason", "unused", "key", "k");
        PLATFORM.answers("DELETE", CRM, 204, "", Map.of());
        var deleted = send(question, "/systems/crm/delete", "reason", "unused", "key", "k");

        assertThat(question.body()).contains("Delete system crm", "customer-sync", "Its credentials end: user, gone.");
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.body()).contains("is named by the task groups customer-sync", "value=\"unused\"");
        assertThat(deleted.uri().getPath()).isEqualTo("/systems");
        var sent = PLATFORM.sent("DELETE", CRM).get(1);
        assertThat(sent.headers()).containsEntry("if-match", "\"7\"");
        assertThat(sent.query()).isEqualTo("reason=unused");
    }

    @Test
    void aCredentialIsAddedAndItsSecretIsNeverInAPageAgain() {
        PLATFORM.answers(
                "PUT",
                CRM,
                422,
                "{\"type\":\"https://syncline.io/problems/invalid-document\",\"errors\":[{\"pointer\":\"/credentials/new-one/username\",\"detail\":\"must not hold a colon\"}]}",
                Map.of());
        signIn("editor", "config:read", "config:write");
        var form = browser.get("/systems/crm/credential?type=basic");

        var refused = send(
                form,
                "/systems/crm/credential",
                "type",
                "basic",
                "name",
                "new-one",
                "username",
                "a:b",
                "password",
                SECRET);
        PLATFORM.answers("PUT", CRM, 200, DOCUMENT, Map.of());
        var added = send(
                form,
                "/systems/crm/credential",
                "type",
                "basic",
                "name",
                "new-one",
                "username",
                "ab",
                "password",
                SECRET);
        var taken = send(
                form, "/systems/crm/credential", "type", "basic", "name", "user", "username", "ab", "password", SECRET);

        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(refused.body())
                .contains("href=\"#username\"", "value=\"a:b\"", "Type the secret anew")
                .doesNotContain(SECRET);
        assertThat(added.body()).contains("The credential new-one is stored").doesNotContain(SECRET);
        assertThat(taken.body()).contains("rotate it instead").doesNotContain(SECRET);
        var sent = JSON.readTree(PLATFORM.sent("PUT", CRM).get(1).body());
        assertThat(sent.at("/credentials/new-one").toString())
                .isEqualTo("{\"type\":\"basic\",\"username\":\"ab\",\"password\":\"" + SECRET + "\"}");
        assertThat(sent.at("/credentials/user/username").asString()).isEqualTo("syncline");
    }

    @Test
    void rotatingTellsTheStepsAndKeepsTheSecretToThePlatform() {
        var path = CRM + "/credentials/user/rotate";
        PLATFORM.answers(
                "POST",
                path,
                422,
                "{\"type\":\"https://syncline.io/problems/invalid-document\",\"errors\":[{\"pointer\":\"/password\",\"detail\":\"must not hold control characters\"}]}",
                Map.of());
        signIn("editor", "config:read", "config:write");
        var form = browser.get("/systems/crm/credentials/user/rotate");

        var refused = send(
                form,
                "/systems/crm/credentials/user/rotate",
                "password",
                SECRET,
                "username",
                "other",
                "overlap",
                "P7D");
        PLATFORM.answers("POST", path, 200, DOCUMENT, Map.of());
        var rotated =
                send(form, "/systems/crm/credentials/user/rotate", "password", SECRET, "username", "", "overlap", "");

        assertThat(form.body())
                .contains("Send the new one here.", "41c9e0", "An earlier rotation is not over", "type=\"password\"");
        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(refused.body())
                .contains("href=\"#password\"", "value=\"other\"", "value=\"P7D\" selected")
                .doesNotContain(SECRET);
        assertThat(rotated.uri().getPath()).isEqualTo("/systems/crm");
        assertThat(rotated.body())
                .contains("The new secret of user is presented from now on")
                .doesNotContain(SECRET);
        assertThat(JSON.readTree(PLATFORM.sent("POST", path).get(1).body()))
                .isEqualTo(JSON.readTree("{\"password\":\"" + SECRET + "\",\"overlap\":\"PT24H\"}"));
    }

    @Test
    void anOldSecretIsRetiredByWhoHasSeenWhenItWasLastUsed() {
        var path = CRM + "/credentials/user/retire";
        PLATFORM.answers(
                "POST",
                path,
                409,
                PROBLEM.formatted("nothing-to-retire", "It has no secret but the present one."),
                Map.of());
        signIn("editor", "config:read", "config:write");
        var question = browser.get("/systems/crm/credentials/user/retire");

        var refused = send(question, "/systems/crm/credentials/user/retire", "reason", "all use the new one");
        PLATFORM.answers("POST", path, 200, DOCUMENT, Map.of());
        var retired = send(question, "/systems/crm/credentials/user/retire", "reason", "all use the new one");

        assertThat(question.body()).contains("It was last used", "at 2026-11-20 12:57:00", "Keep as it is");
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.body()).contains("It has no secret but the present one.", "value=\"all use the new one\"");
        assertThat(retired.body()).contains("The old secret of user is retired.");
        assertThat(PLATFORM.sent("POST", path).get(0).query()).isEqualTo("reason=all%20use%20the%20new%20one");
    }

    @Test
    void aCredentialIsRemovedAfterAQuestion() {
        PLATFORM.answers(
                "PUT",
                CRM,
                409,
                PROBLEM.formatted("in-use", "The credential 'user' is named by customer-sync."),
                Map.of());
        signIn("editor", "config:read", "config:write");
        var question = browser.get("/systems/crm/credentials/user/remove");

        var refused = send(question, "/systems/crm/credentials/user/remove", "reason", "old");

        assertThat(question.body()).contains("Remove credential user", "autofocus");
        assertThat(refused.body()).contains("is named by customer-sync", "value=\"old\"");
        var sent = PLATFORM.sent("PUT", CRM).get(0);
        assertThat(JSON.readTree(sent.body()).path("credentials").propertyNames())
                .containsExactly("gone");
        assertThat(sent.query()).isEqualTo("reason=old");
    }

    @Test
    void destinationsAreReadByAllAndChangedByAdministrators() {
        var path = "/api/v1/destinations";
        PLATFORM.answers(
                "GET",
                path,
                200,
                "{\"items\":[{\"scheme\":\"https\",\"host\":\"crm.example.com\",\"port\":8443}],\"configured\":[{\"scheme\":\"http\",\"host\":\"127.0.0.1\",\"port\":\"*\"}]}",
                Map.of("ETag", "\"3\""));
        signIn("viewer", "config:read");
        assertThat(browser.get("/destinations").body())
                .contains("https://crm.example.com:8443", "http://127.0.0.1:*", "Administrators change this list.")
                .doesNotContain("<textarea");
        begin();
        PLATFORM.answers(
                "GET",
                path,
                200,
                "{\"items\":[{\"scheme\":\"https\",\"host\":\"crm.example.com\",\"port\":8443}],\"configured\":[]}",
                Map.of("ETag", "\"3\""));
        PLATFORM.answers(
                "PUT",
                path,
                422,
                "{\"type\":\"https://syncline.io/problems/invalid-body\",\"errors\":[{\"pointer\":\"/items/1\",\"detail\":\"a destination is scheme://host:port\"}]}",
                Map.of());
        signIn("admin", "admin", "config:read", "config:write");
        var form = browser.get("/destinations");

        var refused = send(form, "/destinations", "etag", "\"3\"", "items", "https://crm.example.com:8443\r\nnonsense");
        PLATFORM.answers("PUT", path, 412, PROBLEM.formatted("version-conflict", "Changed."), Map.of());
        var late = send(form, "/destinations", "etag", "\"2\"", "items", "https://mine.example.com:1");
        PLATFORM.answers("PUT", path, 200, "{}", Map.of());
        var saved = send(form, "/destinations", "etag", "\"3\"", "items", "https://a:1\n\n");

        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(refused.body()).contains("href=\"#items\"", "nonsense");
        assertThat(late.statusCode()).isEqualTo(409);
        assertThat(late.body())
                .contains(
                        "Somebody else has changed the list",
                        "https://mine.example.com:1",
                        "aria-label=\"Their list\"");
        assertThat(saved.body()).contains("The approved destinations are changed.");
        assertThat(PLATFORM.sent("PUT", path).get(0).body())
                .isEqualTo("{\"items\":[\"https://crm.example.com:8443\",\"nonsense\"]}");
    }
}
