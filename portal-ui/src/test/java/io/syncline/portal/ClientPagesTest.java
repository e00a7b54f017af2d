package io.syncline.portal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** The platform's clients, their secrets, and the display. */
class ClientPagesTest extends Pages {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String LIST = "/api/v1/clients";
    private static final String BILLING = LIST + "/billing";
    private static final String MADE_SECRET = "made-by-the-platform-12345";
    private static final String PROBLEM = "{\"type\":\"https://syncline.io/problems/%s\",\"detail\":\"%s\"}";

    private static final String CLIENT = """
            {"clientId": "billing", "system": "billing", "scopes": ["callbacks:write", "triggers:write"],
             "tokenEndpointAuthMethod": "private_key_jwt", "jwksUri": "https://billing.example.com/jwks", "expiresAt": "2099-01-31T12:00:30Z",
             "createdAt": "2026-01-01T00:00:00Z", "updatedAt": "2026-01-01T00:00:00Z", "lastUsedAt": null}""";

    @BeforeEach
    void clients() {
        PLATFORM.answers("GET", BILLING, 200, CLIENT, Map.of("ETag", "\"4\""));
        PLATFORM.answers(LIST, 200, """
                {"items": [%s,
                  {"clientId": "old", "system": null, "scopes": ["admin"], "tokenEndpointAuthMethod": "client_secret_basic",
                   "expiresAt": "2020-01-01T00:00:00Z", "createdAt": "2019-01-01T00:00:00Z", "lastUsedAt": "2019-12-31T00:00:00Z"}],
                 "nextCursor": null}""".formatted(CLIENT));
    }

    private void signInAsAdmin() {
        signIn("admin", "admin", "config:read", "config:write", "runs:read");
    }

    @Test
    void theListTellsScopesLastUseAndEnd() {
        signInAsAdmin();

        assertThat(browser.get("/settings/clients").body())
                .contains("callbacks:write triggers:write", "its own keys at https://billing.example.com/jwks", "never")
                .contains("has ended", "Rotate secret of old")
                .doesNotContain("Rotate secret of billing")
                .contains("aria-label=\"Settings\"", "/settings/users", "/settings/display");
    }

    @Test
    void noClientAndNoRightAreTwoThings() {
        PLATFORM.answers(LIST, 200, "{\"items\":[],\"nextCursor\":null}");
        signInAsAdmin();
        assertThat(browser.get("/settings/clients").body()).contains("No client yet", "curl -X PUT");

        PLATFORM.answers(LIST, 403, PROBLEM.formatted("forbidden", "No."));
        var refused = browser.get("/settings/clients");
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).contains("the scope admin");
    }

    @Test
    void aNewClientsSecretIsShownOnceAndOnlyThere() {
        PLATFORM.answers(
                "PUT",
                LIST + "/sender",
                201,
                "{\"clientId\":\"sender\",\"clientSecret\":\"" + MADE_SECRET
                        + "\",\"system\":null,\"scopes\":[\"triggers:write\"]}",
                Map.of("ETag", "\"1\""));
        signInAsAdmin();
        var form = browser.get("/new/client");

        var made = send(form, "/new/client", "key", "sender", "scopes", "triggers:write", "proof", "secret");
        PLATFORM.answers(
                "PUT", LIST + "/sender", 412, PROBLEM.formatted("version-conflict", "There is one."), Map.of());
        var again = send(form, "/new/client", "key", "sender", "scopes", "triggers:write", "proof", "secret");

        assertThat(made.body()).contains(MADE_SECRET, "This is the only time that it is shown");
        assertThat(made.headers().firstValue("Cache-Control").orElse("")).contains("no-store");
        assertThat(again.body())
                .contains("There is a client of this key already.")
                .doesNotContain(MADE_SECRET);
        assertThat(browser.get("/settings/clients").body()).doesNotContain(MADE_SECRET);
        var sent = PLATFORM.sent("PUT", LIST + "/sender").get(0);
        assertThat(sent.headers()).containsEntry("if-none-match", "*");
        assertThat(sent.body()).isEqualTo("{\"scopes\":[\"triggers:write\"]}");
    }

    @Test
    void faultsOfAClientAreToldAtTheirFieldsAndWhatWasTypedStays() {
        PLATFORM.answers(
                "PUT",
                LIST + "/sender",
                422,
                "{\"type\":\"https://syncline.io/problems/client-invalid\",\"errors\":[{\"pointer\":\"/scopes\",\"detail\":\"is empty\"},{\"pointer\":\"/expiresAt\",\"detail\":\"is in the past\"},{\"pointer\":\"/jwksUri\",\"detail\":\"is not approved\"}]}",
                Map.of());
        signInAsAdmin();
        var form = browser.get("/new/client");

        var badKey = send(form, "/new/client", "key", "A B", "system", "kept");
        var refused = send(
                form,
                "/new/client",
                "key",
                "sender",
                "proof",
                "keys",
                "jwksUri",
                "https://k",
                "expiresAt",
                "2020-01-31 12:00",
                "scopes",
                "runs:read");

        assertThat(badKey.body()).contains("href=\"#key\"", "value=\"kept\"");
        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(refused.body())
                .contains("href=\"#scopes\"", "href=\"#expiresAt\"", "href=\"#jwksUri\"", "value=\"2020-01-31 12:00\"")
                .containsPattern("value=\"runs:read\" checked");
        assertThat(PLATFORM.sent("PUT", LIST + "/sender").get(0).body())
                .contains("\"expiresAt\":\"2020-01-31T12:00:00Z\"", "private_key_jwt");
    }

    @Test
    void aChangeRepeatsWhatTheFormDoesNotShow() {
        PLATFORM.answers("PUT", BILLING, 200, CLIENT, Map.of("ETag", "\"5\""));
        signInAsAdmin();
        var form = browser.get("/settings/clients/billing");

        send(
                form,
                "/settings/clients/billing",
                "etag",
                valueOf(form, "etag"),
                "system",
                "billing",
                "scopes",
                "runs:read",
                "expiresAt",
                valueOf(form, "expiresAt"));

        var sent = PLATFORM.sent("PUT", BILLING).get(0);
        assertThat(sent.headers()).containsEntry("if-match", "\"4\"");
        assertThat(JSON.readTree(sent.body()))
                .isEqualTo(
                        JSON.readTree(
                                "{\"tokenEndpointAuthMethod\":\"private_key_jwt\",\"jwksUri\":\"https://billing.example.com/jwks\",\"scopes\":[\"runs:read\"],\"system\":\"billing\",\"expiresAt\":\"2099-01-31T12:00:30Z\"}"));
    }

    @Test
    void whoComesSecondSeesBothVersions() {
        PLATFORM.answers("PUT", BILLING, 412, PROBLEM.formatted("version-conflict", "Changed."), Map.of());
        signInAsAdmin();
        var form = browser.get("/settings/clients/billing");

        var refused = send(form, "/settings/clients/billing", "etag", "\"3\"", "system", "mine", "scopes", "runs:read");

        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.body())
                .contains("Somebody else has changed it meanwhile", "callbacks:write triggers:write", "value=\"mine\"");
        assertThat(valueOf(refused, "etag")).isEqualTo("\"4\"");
    }

    @Test
    void rotatingMakesOneSecretHoweverOftenItsAnswerIsSent() {
        var path = BILLING + "/rotate";
        PLATFORM.answers(
                "POST", path, 200, "{\"clientId\":\"billing\",\"clientSecret\":\"" + MADE_SECRET + "\"}", Map.of());
        signInAsAdmin();
        var question = browser.get("/settings/clients/billing/rotate");

        var rotated = send(question, "/settings/clients/billing/rotate?v=4", "reason", "it is due");
        PLATFORM.answers(
                "POST", path, 412, PROBLEM.formatted("version-conflict", "It was changed in the meantime."), Map.of());
        var again = send(question, "/settings/clients/billing/rotate?v=4", "reason", "it is due");

        assertThat(question.body())
                .contains("/settings/clients/billing/rotate?v=4", "The old one works for 24 hours more.");
        assertThat(rotated.body()).contains(MADE_SECRET, "This is the only time that it is shown");
        assertThat(again.statusCode()).isEqualTo(409);
        assertThat(again.body())
                .contains("It was changed in the meantime.", "value=\"it is due\"")
                .doesNotContain(MADE_SECRET);
        var sent = PLATFORM.sent("POST", path).get(0);
        assertThat(sent.headers()).containsEntry("if-match", "\"4\"");
        assertThat(sent.query()).isEqualTo("reason=it%20is%20due");
    }

    @Test
    void deletingAsksAndTellsWhyItIsRefused() {
        PLATFORM.answers(
                "DELETE", BILLING, 409, PROBLEM.formatted("last-admin", "It is the last administrator."), Map.of());
        signInAsAdmin();
        var question = browser.get("/settings/clients/billing/delete");

        var refused = send(question, "/settings/clients/billing/delete?v=4", "reason", "gone");
        PLATFORM.answers("DELETE", BILLING, 204, "", Map.of());
        var deleted = send(question, "/settings/clients/billing/delete?v=4", "reason", "gone");

        assertThat(question.body())
                .contains("Delete client billing", "refused within 60 s", "callbacks:write, triggers:write");
        assertThat(refused.body()).contains("It is the last administrator.");
        assertThat(deleted.uri().getPath()).isEqualTo("/settings/clients");
        assertThat(deleted.body()).contains("The client billing is deleted.");
    }

    @Test
    void theDisplayIsAlsoAmongTheSettings() {
        signInAsAdmin();
        var form = browser.get("/settings/display");

        var kept = send(
                form, "/display", "zone", "Europe/Berlin", "theme", "dark", "keys", "off", "back", "/settings/display");

        assertThat(kept.uri().getPath()).isEqualTo("/settings/display");
        assertThat(kept.body()).contains("data-theme=\"dark\"", "value=\"Europe/Berlin\"");
    }
}
