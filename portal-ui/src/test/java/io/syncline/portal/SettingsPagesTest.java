package io.syncline.portal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** People and their rights, issuers, keys, and changes that wait for a second person. */
class SettingsPagesTest extends SignedInPages {

    private static final String NONE = "{\"items\":[],\"nextCursor\":null}";

    private void bo() {
        PLATFORM.answers("/api/v1/users/bo", 200, WatchSamples.user(""), "\"4\"");
    }

    @Test
    void peopleAreListedWithTheirRoles() {
        PLATFORM.answers(
                "/api/v1/users", 200, "{\"items\":[" + WatchSamples.user("") + "],\"nextCursor\":\"after bo\"}");
        as("ada");

        assertThat(page("/settings/users"))
                .contains("Bo &lt;b&gt;Berg&lt;/b&gt;", "viewer", "airports", "ACTIVE", "never")
                .contains("/settings/users?cursor=after%20bo", "Make a second administrator");
    }

    @Test
    void othersAreToldWhomToAsk() {
        for (var path : new String[] {"users", "users/bo", "issuers", "keys", "changes"}) {
            PLATFORM.answers("/api/v1/" + path, 403, problem("forbidden", "Forbidden.", ""));
        }
        as("ana");

        for (var path : new String[] {"users", "users/bo", "issuers", "keys", "changes"}) {
            var refused = browser.get("/settings/" + path);
            assertThat(refused.statusCode()).as(path).isEqualTo(403);
            assertThat(refused.body())
                    .as(path)
                    .contains("Your roles do not allow this", "ana has the role operator", "Ask an administrator");
        }
    }

    @Test
    void aNewPersonsCodeIsShownOnce() {
        PLATFORM.answers(
                "PUT /api/v1/users/bo",
                201,
                WatchSamples.user(", \"setUpCode\": \"ABCD-EFGH\", \"setUpCodeExpiresIn\": 86400"));
        as("ada");

        var made = send(
                "/settings/users/new",
                "/settings/users",
                "key",
                "bo",
                "name",
                "Bo Berg",
                "roles",
                "viewer",
                "roles",
                "operator",
                "labels",
                "airports, billing",
                "enabled",
                "true");

        assertThat(made.body()).contains("ABCD-EFGH", "It is not shown again", "24");
        assertThat(made.headers().firstValue("Cache-Control").orElse("")).contains("no-store");
        assertThat(PLATFORM.conditions()).containsExactly("PUT /api/v1/users/bo If-None-Match: *");
        assertThat(PLATFORM.bodies())
                .containsExactly("PUT /api/v1/users/bo {\"name\":\"Bo Berg\",\"roles\":[\"viewer\",\"operator\"],"
                        + "\"labels\":[\"airports\",\"billing\"],\"scopes\":[],\"enabled\":true}");
    }

    @Test
    void whatIsWrongWithAnAccountStandsAtItsField() {
        PLATFORM.answers(
                "PUT /api/v1/users/bo",
                422,
                problem(
                        "user-invalid",
                        "Invalid.",
                        ",\"errors\":[{\"pointer\":\"/roles/0\",\"detail\":\"is no role\"},{\"pointer\":\"/labels\",\"detail\":\"has 1 to 50 labels\"}]"));
        as("ada");

        var refused = send("/settings/users/new", "/settings/users", "key", "bo", "name", "Bo Berg");

        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(refused.body())
                .contains("href=\"#roles\"", "href=\"#labels\"", "has 1 to 50 labels", "value=\"Bo Berg\"");
        assertThat(send("/settings/users/new", "/settings/users", "key", " ").body())
                .contains("The name to sign in with is missing.");
    }

    @Test
    void aPersonsPageShowsTheEffectiveRightsAsAMatrix() {
        bo();
        PLATFORM.answers("/api/v1/sessions", 200, Samples.sessions());
        as("ada");

        var page = page("/settings/users/bo");

        assertThat(page)
                .contains("Effective rights, as this user", "groups with the label airports", "scope=\"row\"")
                .contains("Act on runs, start groups", "may not", "viewer</span><span class=\"meta\"> (theirs)")
                .contains("/settings/users/bo/sessions/019a9f50-0000-7000-8000-000000000002/end");
        assertThat(PLATFORM.requests()).contains("GET /api/v1/sessions?user=bo");
    }

    @Test
    void anAccountIsChangedAtTheVersionThatWasSeen() {
        bo();
        PLATFORM.answers("/api/v1/sessions", 200, NONE);
        PLATFORM.answers("PUT /api/v1/users/bo", 200, WatchSamples.user(""));
        as("ada");

        var changed = send(
                "/settings/users/bo",
                "/settings/users/bo",
                "entityTag",
                "\"4\"",
                "name",
                "Bo",
                "roles",
                "viewer",
                "labels",
                "*");

        assertThat(changed.body()).contains("The account is changed.");
        assertThat(PLATFORM.conditions()).containsExactly("PUT /api/v1/users/bo If-Match: \"4\"");
        assertThat(PLATFORM.bodies()).anyMatch(sent -> sent.contains("\"enabled\":false"));
    }

    @Test
    void theLastAdministratorStaysAndThePageSaysWhy() {
        bo();
        PLATFORM.answers("/api/v1/sessions", 200, NONE);
        var lastAdmin = problem("last-admin", "Nobody would be left who may do everything.", "");
        PLATFORM.answers("PUT /api/v1/users/bo", 409, lastAdmin);
        PLATFORM.answers("DELETE /api/v1/users/bo", 409, lastAdmin);
        as("ada");

        var changed = send("/settings/users/bo", "/settings/users/bo", "name", "Bo", "roles", "viewer", "labels", "*");
        var unexplained = send("/settings/users/bo/delete", "/settings/users/bo/delete", "entityTag", "\"4\"");
        var deleted = send(
                "/settings/users/bo/delete", "/settings/users/bo/delete", "entityTag", "\"4\"", "reason", "left us");

        assertThat(changed.statusCode()).isEqualTo(409);
        assertThat(changed.body()).contains("This is the last person who may do everything");
        assertThat(unexplained.statusCode()).isEqualTo(422);
        assertThat(unexplained.body()).contains("Say why");
        assertThat(PLATFORM.requests())
                .filteredOn(request -> request.startsWith("DELETE"))
                .containsExactly("DELETE /api/v1/users/bo?reason=left%20us");
        assertThat(deleted.statusCode()).isEqualTo(409);
        assertThat(deleted.body()).contains("Give somebody else the role admin", "Keep as it is");
    }

    @Test
    void aSessionOfAPersonIsEnded() {
        bo();
        PLATFORM.answers("/api/v1/sessions", 200, Samples.sessions());
        PLATFORM.answers("DELETE /api/v1/sessions/s2", 204, "");
        as("ada");

        assertThat(send("/settings/users/bo", "/settings/users/bo/sessions/s2/end")
                        .body())
                .contains("The session is ended.");
        assertThat(send("/settings/users/bo", "/settings/users/bo/sessions/s3/end")
                        .body())
                .contains("had ended already");
    }

    @Test
    void issuersAreShownWithTheirGroups() {
        PLATFORM.answers("/api/v1/issuers", 200, WatchSamples.issuers());
        as("ada");
        assertThat(page("/settings/issuers")).contains("https://idp.example.com/keys", "ops", "operator", "all groups");
        PLATFORM.answers("/api/v1/issuers", 200, NONE);
        assertThat(page("/settings/issuers")).contains("No issuers", "curl -X PUT");
    }

    @Test
    void aKeyIsRotatedForAReasonAndOnce() {
        PLATFORM.answers("/api/v1/keys", 200, WatchSamples.keys());
        PLATFORM.answers("POST /api/v1/keys/rotate", 200, WatchSamples.keys());
        as("ada");

        assertThat(page("/settings/keys")).contains("CURRENT", "NEXT", "Rotate the TOKEN key", "as long as it signs");
        var asked = page("/settings/keys/rotate?purpose=CALLBACK");
        assertThat(asked).contains("Rotate the CALLBACK key", "Keep as it is");
        var done = send(
                "/settings/keys/rotate?purpose=CALLBACK",
                "/settings/keys/rotate?purpose=CALLBACK",
                "reason",
                "it leaked",
                "key",
                "once");

        assertThat(done.body()).contains("The next key is the current one now");
        assertThat(PLATFORM.conditions()).containsExactly("POST /api/v1/keys/rotate Idempotency-Key: \"once\"");
        PLATFORM.answers("POST /api/v1/keys/rotate", 409, problem("too-early", "The next key is too young.", ""));
        var refused = send("/settings/keys/rotate", "/settings/keys/rotate", "reason", "again", "key", "two");
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.body()).contains("The next key is too young.", "value=\"again\"");
    }

    @Test
    void aPendingChangeIsLookedAtApprovedOrRejected() {
        PLATFORM.answers(
                "/api/v1/changes",
                200,
                "{\"items\":[" + WatchSamples.change("[\"approve\"]") + "],\"nextCursor\":null}");
        PLATFORM.answers("/api/v1/changes/c1", 200, WatchSamples.change("[\"approve\",\"reject\"]"));
        PLATFORM.answers("POST /api/v1/changes/c1/approve", 200, WatchSamples.change("[]"));
        PLATFORM.answers("POST /api/v1/changes/c1/reject", 422, fault("/reason", "is missing"));
        as("ada");

        assertThat(page("/settings/changes")).contains("put users bo", "PENDING", "cy");
        assertThat(page("/settings/changes/c1"))
                .contains(
                        "<b>removed</b>",
                        "<b>added</b>",
                        "/settings/changes/c1/approve",
                        "/settings/changes/c1/reject");
        assertThat(page("/settings/changes/c1/approve")).contains("in the name of cy", "added roles:");
        assertThat(send("/settings/changes/c1/approve", "/settings/changes/c1/approve", "reason", "agreed", "key", "k")
                        .body())
                .contains("Approved, and carried out");
        var refused = send("/settings/changes/c1/reject", "/settings/changes/c1/reject", "reason", "", "key", "k");
        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(refused.body()).contains("The reason is missing.");
    }

    @Test
    void whoProposedAChangeIsToldThatItTakesAnother() {
        PLATFORM.answers("/api/v1/changes", 200, NONE);
        PLATFORM.answers("/api/v1/changes/c1", 200, WatchSamples.change("[]"));
        as("ada");

        assertThat(page("/settings/changes/c1"))
                .contains("It takes a second person")
                .doesNotContain("c1/approve");
        assertThat(page("/settings/changes")).contains("No changes wait");
        assertThat(page("/settings/changes?state=STALE")).contains("No change matches");
    }
}
