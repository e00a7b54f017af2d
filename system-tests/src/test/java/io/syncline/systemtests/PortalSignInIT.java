package io.syncline.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.syncline.systemtests.RecordingDownstream.Reply;
import io.syncline.systemtests.api.Answer;
import io.syncline.systemtests.api.PlatformApi;
import io.syncline.systemtests.api.PortalVisitor;
import io.syncline.systemtests.process.ServiceProcess;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** People at the portal's own process, whose accounts and rights are at a real platform. */
class PortalSignInIT {

    private static final String PASSWORD = "violet-ferry-77-oxbow";
    private static final String SYSTEM = "recording";
    private static final byte[] NOTHING = new byte[0];
    // What was ended elsewhere is seen within a minute.
    private static final Duration SEEN_WITHIN = Duration.ofSeconds(75);

    @TempDir
    private static Path home;

    private static Stack stack;
    private static PlatformApi platform;
    private static ServiceProcess portal;
    private static String portalSecret;
    private static IdentityProvider provider;
    private static RecordingDownstream downstream;
    private static SpanCollector spans;

    @BeforeAll
    static void start() {
        stack = Stack.onH2(home);
        spans = new SpanCollector();
        var tracing = "syncline.tracing.endpoint=" + spans.url();
        Stack.ready(stack.startNode(tracing));
        platform = stack.platform();
        provider = new IdentityProvider();
        portalSecret = platform.createClient("portal", null, List.of("runs:read"));
        portal = stack.startPortal(
                portalSecret,
                tracing,
                "syncline.portal.oidc.issuer-uri=" + provider.issuer(),
                "syncline.portal.oidc.client-id=" + IdentityProvider.CLIENT,
                "syncline.portal.oidc.client-secret=" + IdentityProvider.SECRET);
        platform.put(
                "/api/v1/issuers/staff",
                Map.of(
                        "issuer", provider.issuer(),
                        "jwksUri", provider.issuer() + "/jwks",
                        "algorithms", List.of("RS256"),
                        "people",
                                Map.of(
                                        "clientId",
                                        IdentityProvider.CLIENT,
                                        "roles",
                                        Map.of(
                                                "operators",
                                                Map.of("roles", List.of("operator"), "labels", List.of("*"))))));
        downstream = new RecordingDownstream(SYSTEM);
        downstream.trust(stack.platformUrl());
        downstream.answers(call -> Reply.completed());
        Documents.putSystem(platform, SYSTEM, 8, List.of(downstream.url()));
        Documents.putSingleTaskGroup(platform, "flights", SYSTEM, Documents.defaults("PT0.5S"));
        Stack.ready(portal);
    }

    @AfterAll
    static void stop() throws IOException {
        downstream.close();
        provider.close();
        stack.close();
        spans.close();
    }

    @Test
    void aPageAndWhatThePlatformDoesForItAreOneTrace() {
        platform.createPerson("tea", "Tea Lund", List.of("operator"), List.of("*"), PASSWORD);
        var browser = new PortalVisitor(portal.url());
        browser.signIn("tea", PASSWORD);

        assertThat(browser.get("/runs").statusCode()).isEqualTo(200);

        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(spans.all())
                        .filteredOn(span -> span.name().equals("GET /runs"))
                        .anySatisfy(page -> {
                            assertThat(page.service()).contains("syncline-portal");
                            assertThat(page.kind()).isEqualTo(2);
                            assertThat(spans.ofTrace(page.traceId()))
                                    .filteredOn(span -> span.service().contains("syncline-scheduler"))
                                    .anySatisfy(asked -> {
                                        assertThat(asked.name()).isEqualTo("GET /api/v1/runs");
                                        assertThat(asked.parentId()).isEqualTo(page.spanId());
                                    });
                        }));
    }

    @Test
    void aPersonOfTheIdentityProviderSignsInWithTheRolesOfTheirGroups() {
        provider.signedIn("fay", List.of("operators", "others"));
        var browser = new PortalVisitor(portal.url());
        assertThat(browser.get("/sign-in").body()).contains("/sign-in/with/oidc");

        var first = browser.get("/sign-in/with/oidc");

        assertThat(first.uri().getPath()).as(first.body()).isEqualTo("/");
        assertThat(first.body()).contains("Person fay", "operator");
        assertThat(platform.get("/api/v1/users/fay")
                        .expect(200)
                        .json()
                        .path("external")
                        .path("subject")
                        .asString())
                .isEqualTo("fay");
        assertThat(platform.get("/api/v1/audit?actor=fay").expect(200).text()).contains("sign-in");
        var again = new PlatformApi(stack.platformUrl(), "portal", portalSecret)
                .post("/api/v1/sessions", Map.of("idToken", provider.lastIdToken(), "nonce", nonce()));
        assertThat(again.status()).as(again.text()).isEqualTo(403);
    }

    @Test
    void aPersonWithoutAGroupThatIsKnownIsToldThatTheAccountMayNotSignIn() {
        provider.signedIn("gus", List.of("others"));
        var browser = new PortalVisitor(portal.url());

        var page = browser.get("/sign-in/with/oidc");

        assertThat(page.uri().getPath()).startsWith("/sign-in");
        assertThat(page.statusCode()).isIn(401, 403);
        assertThat(page.body()).contains("this account may not sign in", "a group that has roles here");
        assertThat(platform.get("/api/v1/users/gus").status()).isEqualTo(404);
        assertThat(browser.get("/runs").uri().getPath()).isEqualTo("/sign-in");
    }

    /** The nonce of the last ID token, as whoever stole that would read it. */
    private static String nonce() {
        var claims =
                java.util.Base64.getUrlDecoder().decode(provider.lastIdToken().split("\\.")[1]);
        return io.syncline.systemtests.api.Http.JSON
                .readTree(claims)
                .path("nonce")
                .asString();
    }

    @Test
    void aPersonSeesRunsChangesThePasswordAndSignsOut() {
        platform.createPerson("ana", "Ana Ruiz", List.of("operator"), List.of("*"), PASSWORD);
        platform.trigger(Documents.event("flights-1", "flights.ready", "2026-11-20"))
                .expect(202);
        var browser = new PortalVisitor(portal.url());

        assertThat(browser.get("/runs").uri().getPath()).isEqualTo("/sign-in");
        var runs = browser.signIn("ana", PASSWORD);
        assertThat(runs.statusCode()).isEqualTo(200);
        assertThat(runs.body()).contains("flights", "2026-11-20", "Ana Ruiz", "operator");

        var account = browser.get("/account");
        assertThat(account.body()).contains("127.0.0.1", "this one");
        var weak = browser.post("/account/password", account, change(PASSWORD, "ana-ruiz-2026"));
        assertThat(weak.statusCode()).isEqualTo(422);
        assertThat(weak.body()).contains("The password is too easy to guess");
        var changed = browser.post("/account/password", account, change(PASSWORD, PASSWORD + "-2"));
        assertThat(changed.body()).contains("The password is changed.");
        assertThat(browser.get("/runs").statusCode()).isEqualTo(200);

        assertThat(sessionsOf("ana")).hasSize(1);
        assertThat(browser.post("/sign-out", account, "").body()).contains("You are signed out.");
        assertThat(sessionsOf("ana")).isEmpty();
        assertThat(browser.get("/runs").uri().getPath()).isEqualTo("/sign-in");
        assertThat(new PortalVisitor(portal.url()).signIn("ana", PASSWORD).statusCode())
                .isEqualTo(401);
        assertThat(new PortalVisitor(portal.url())
                        .signIn("ana", PASSWORD + "-2")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void wrongPasswordsAndUnknownNamesLookAlikeAndGuessingIsLockedOut() {
        platform.createPerson("bo", "Bo", List.of("viewer"), List.of("*"), PASSWORD);

        var wrong = new PortalVisitor(portal.url()).signIn("bo", "not-the-password");
        var unknown = new PortalVisitor(portal.url()).signIn("nobody", PASSWORD);
        assertThat(List.of(wrong.statusCode(), unknown.statusCode())).containsOnly(401);
        assertThat(wrong.body()).contains("Name or password is wrong.");
        assertThat(unknown.body()).contains("Name or password is wrong.");

        HttpResponse<String> last = wrong;
        for (int tries = 0; tries < 8 && last.statusCode() == 401; tries++) {
            last = new PortalVisitor(portal.url()).signIn("bo", "not-the-password");
        }
        assertThat(last.statusCode()).isEqualTo(429);
        assertThat(last.headers().firstValueAsLong("Retry-After").orElse(0)).isPositive();
        assertThat(last.body()).contains("Too many failed sign-ins. Try again in ");
        assertThat(new PortalVisitor(portal.url()).signIn("bo", PASSWORD).statusCode())
                .isEqualTo(429);
    }

    @Test
    void whoseRoleDoesNotReadTheGroupSeesNothingOfIt() {
        platform.createPerson("cy", "Cy", List.of("viewer"), List.of("other-team"), PASSWORD);
        var accepted = platform.trigger(Documents.event("flights-2", "flights.ready", "2031-05-05"))
                .expect(202);
        var run = accepted.json().path("runs").path(0).path("runId").asString();
        var browser = new PortalVisitor(portal.url());

        var runs = browser.signIn("cy", PASSWORD);

        assertThat(runs.statusCode()).isEqualTo(200);
        assertThat(runs.body()).doesNotContain("2031-05-05").contains("other-team");
        assertThat(browser.get("/runs/" + run).statusCode()).isEqualTo(404);
    }

    @Test
    void aSessionThatAnAdministratorEndsLeadsBackToTheSignIn() {
        platform.createPerson("di", "Di", List.of("operator"), List.of("*"), PASSWORD);
        var browser = new PortalVisitor(portal.url());
        browser.signIn("di", PASSWORD);
        var session = sessionsOf("di").get(0).path("sessionId").asString();

        send("DELETE", "/api/v1/sessions/" + session).expect(204);

        await().atMost(SEEN_WITHIN).untilAsserted(() -> {
            var page = browser.get("/runs?state=FAILED");
            assertThat(page.uri().getPath()).isEqualTo("/sign-in");
            assertThat(page.body()).contains("Your session has ended.");
        });
        assertThat(browser.signIn("di", PASSWORD).uri().toString()).endsWith("/runs?state=FAILED");
    }

    @Test
    void aSetUpCodeIsGoodAtThePortalOnce() {
        var made = platform.put(
                        "/api/v1/users/eve", Map.of("name", "Eve", "roles", List.of("viewer"), "labels", List.of("*")))
                .json();
        var code = made.path("setUpCode").asString();
        var browser = new PortalVisitor(portal.url());
        var form = "first=false&user=eve&code=%s&password=%s&repeated=%s"
                .formatted(PortalVisitor.encoded(code), PASSWORD, PASSWORD);

        var set = browser.post("/set-up", browser.get("/set-up"), form);
        var again = browser.post("/set-up", browser.get("/set-up"), form);

        assertThat(set.body()).contains("The password is set.");
        assertThat(again.statusCode()).isEqualTo(422);
        assertThat(again.body()).contains("The code is wrong");
        assertThat(browser.signIn("eve", PASSWORD).statusCode()).isEqualTo(200);
    }

    private static String change(String current, String next) {
        return "current=%s&password=%s&repeated=%s".formatted(current, next, next);
    }

    private static List<JsonNode> sessionsOf(String user) {
        return platform.get("/api/v1/sessions?user=" + user)
                .expect(200)
                .json()
                .path("items")
                .valueStream()
                .toList();
    }

    private static Answer send(String method, String path) {
        return platform.send(method, path, Map.of(), NOTHING);
    }
}
