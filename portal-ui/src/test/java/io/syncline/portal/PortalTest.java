package io.syncline.portal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"syncline.portal.client-id=portal", "syncline.portal.client-secret=portal-secret"})
class PortalTest {

    private static final String PASSWORD = FakePlatform.PASSWORD;
    private static final FakePlatform PLATFORM = start();

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
    void open() {
        PLATFORM.reset();
        PLATFORM.answers("/api/v1/runs", 200, "{\"items\":[],\"nextCursor\":null}");
        PLATFORM.answers("/api/v1/sessions", 200, Samples.sessions());
        browser = new Browser(port);
    }

    @Test
    void aStrangerIsAskedToSignInAndLandsWhereTheyWantedToGo() {
        var asked = browser.get("/runs?state=FAILED");
        assertThat(asked.uri().getPath()).isEqualTo("/sign-in");

        var landed = browser.signIn("ana", PASSWORD);

        assertThat(landed.statusCode()).isEqualTo(200);
        assertThat(landed.uri().toString()).contains("/runs?state=FAILED");
    }

    @Test
    void aWrongPasswordAndAnUnknownNameGetTheSameAnswer() {
        var wrongPassword = browser.signIn("ana", "not-the-password");
        var unknownName = new Browser(port).signIn("somebody", PASSWORD);

        assertThat(wrongPassword.statusCode()).isEqualTo(401);
        assertThat(unknownName.statusCode()).isEqualTo(401);
        assertThat(wrongPassword.body()).contains("Name or password is wrong.");
        assertThat(unknownName.body()).contains("Name or password is wrong.");
        assertThat(wrongPassword.body()).doesNotContain("not-the-password");
        assertThat(PLATFORM.openings()).hasSize(2);
    }

    @Test
    void guessingIsSlowedDownEvenWithTheRightPasswordAtTheEnd() {
        for (int i = 0; i < 5; i++) {
            browser.signIn("ana", "wrong-" + i);
        }

        var refused = browser.signIn("ana", PASSWORD);

        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.headers().firstValue("Retry-After")).contains("20");
        assertThat(refused.body()).contains("Too many failed sign-ins. Try again in 20 seconds.");
    }

    @Test
    void signingInChangesTheSessionAndSigningOutEndsIt() {
        browser.get("/sign-in");
        var before = browser.sessionCookie();

        browser.signIn("ana", PASSWORD);
        var after = browser.sessionCookie();
        assertThat(after).isNotEmpty().isNotEqualTo(before);

        var out = browser.post("/sign-out", Browser.csrfOf(browser.get("/runs")), "");

        assertThat(out.body()).contains("You are signed out.");
        assertThat(browser.get("/runs").uri().getPath()).isEqualTo("/sign-in");
    }

    @Test
    void aFormWithoutItsTokenIsRefused() {
        browser.signIn("ana", PASSWORD);

        var refused = browser.post("/sign-out", "forged", "");

        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(browser.get("/runs").uri().getPath()).isEqualTo("/runs");
    }

    @Test
    void everyPageForbidsForeignScriptsFramesAndCaching() {
        browser.signIn("ana", PASSWORD);

        var headers = browser.get("/runs").headers();

        assertThat(headers.firstValue("Content-Security-Policy").orElse(""))
                .contains("default-src 'none'", "script-src 'self';", "frame-ancestors 'none'")
                .doesNotContain("unsafe", "http");
        assertThat(headers.firstValue("X-Frame-Options")).contains("DENY");
        assertThat(headers.firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(headers.firstValue("Referrer-Policy")).contains("same-origin");
        assertThat(headers.firstValue("Cache-Control").orElse("")).contains("no-store");
    }

    @Test
    void pagesHoldNeitherInlineScriptsNorInlineStyles() {
        PLATFORM.answers("/api/v1/runs", 200, Samples.runs());
        PLATFORM.answers("/api/v1/runs/" + Samples.FAILED_RUN, 200, Samples.failedRun());
        browser.signIn("ana", PASSWORD);

        for (var path : new String[] {"/sign-in", "/set-up", "/account", "/runs", "/runs/" + Samples.FAILED_RUN}) {
            var page = browser.get(path);
            assertThat(page.statusCode()).as(path).isEqualTo(200);
            assertThat(page.body())
                    .as(path)
                    .doesNotContainPattern("<script(?! defer src=\"/(assets|webjars)/)")
                    .doesNotContain("style=")
                    .doesNotContainPattern("\\son[a-z]+=");
        }
    }

    @Test
    void healthIsPublicAndMetricsAreNot() {
        assertThat(browser.get("/actuator/health").statusCode()).isEqualTo(200);
        assertThat(browser.get("/actuator/health/readiness").statusCode()).isEqualTo(200);
        assertThat(browser.get("/actuator/prometheus").uri().getPath()).isEqualTo("/sign-in");
        assertThat(browser.get("/no/such/page").uri().getPath()).isEqualTo("/sign-in");
    }

    @Test
    void theListShowsEachRunWithItsStateInWords() {
        PLATFORM.answers("/api/v1/runs", 200, Samples.runs());
        browser.signIn("ana", PASSWORD);

        var page = browser.get("/runs").body();

        assertThat(page).contains("airports-daily", "2026-07-30", "COMPLETED", "RUNNING", "OVERDUE");
        assertThat(page)
                .contains("BRAND_NEW_STATE")
                .doesNotContain("<b>tag</b>")
                .contains("&lt;b&gt;tag&lt;/b&gt;");
        assertThat(page).contains("href=\"/runs?cursor=next%2Bpage\"");
    }

    @Test
    void filtersGoToThePlatformAndSurvivePaging() {
        PLATFORM.answers("/api/v1/runs", 200, Samples.runs());
        browser.signIn("ana", PASSWORD);
        PLATFORM.forgetRequests();

        var page = browser.get(
                        "/runs?state=FAILED&group=airports-daily&businessKey=a%26b+%C3%A9&overdue=true&from=&cursor=x%3Dy")
                .body();

        assertThat(PLATFORM.requests())
                .containsExactly(
                        "GET /api/v1/runs?group=airports-daily&state=FAILED&businessKey=a%26b%20%C3%A9&overdue=true&limit=50&cursor=x%3Dy",
                        "GET /api/v1/runs/histogram?group=airports-daily&state=FAILED&businessKey=a%26b%20%C3%A9&overdue=true");
        assertThat(page)
                .contains(
                        "/runs?group=airports-daily&amp;state=FAILED&amp;businessKey=a%26b%20%C3%A9&amp;overdue=true&amp;cursor=next%2Bpage");
    }

    @Test
    void emptyListsSayWhetherNothingIsThereOrNothingMatches() {
        browser.signIn("ana", PASSWORD);

        assertThat(browser.get("/runs").body()).contains("No runs yet");
        assertThat(browser.get("/runs?state=FAILED").body()).contains("No run matches");
    }

    @Test
    void aRunShowsWhyItFailedWithBothNumbers() {
        PLATFORM.answers("/api/v1/runs/" + Samples.FAILED_RUN, 200, Samples.failedRun());
        browser.signIn("ana", PASSWORD);

        var page = browser.get("/runs/" + Samples.FAILED_RUN).body();

        assertThat(page).contains("RECONCILIATION_MISMATCH", "48\u00a0142", "48\u00a0141", "waits for runways");
        assertThat(page).contains("expected 10000 rows, found 9999", "UNKNOWN", "no answer", "not applied: DUPLICATE");
    }

    @Test
    void anUnknownRunIsNotFoundAndABadFilterIsExplained() {
        PLATFORM.answers(
                "/api/v1/runs", 400, "{\"detail\":\"state is one of QUEUED, RUNNING\",\"traceId\":\"abc123\"}");
        browser.signIn("ana", PASSWORD);

        assertThat(browser.get("/runs/none").statusCode()).isEqualTo(404);
        var refused = browser.get("/runs?state=NONSENSE");
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("state is one of QUEUED, RUNNING", "abc123");
    }

    @Test
    void aPlatformInTroubleIsSaidAndNothingIsInvented() {
        PLATFORM.answers("/api/v1/runs", 503, "{\"detail\":\"Overloaded.\"}");
        browser.signIn("ana", PASSWORD);

        var page = browser.get("/runs");

        assertThat(page.statusCode()).isEqualTo(503);
        assertThat(page.body())
                .contains("The platform cannot be reached", "Overloaded.")
                .doesNotContain("<table");
    }

    @Test
    void anAnswerThatIsNotJsonIsCalledUnreadable() {
        PLATFORM.answers("/api/v1/runs", 200, "<html>proxy</html>");
        browser.signIn("ana", PASSWORD);

        var page = browser.get("/runs");

        assertThat(page.statusCode()).isEqualTo(502);
        assertThat(page.body()).contains("not one that the portal understands");
    }
}
