package io.syncline.portal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** A person's session from sign-in to its end, over HTTP, at a platform that holds the accounts. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"syncline.portal.client-id=portal", "syncline.portal.client-secret=portal-secret"})
class SessionTest {

    private static final String PASSWORD = FakePlatform.PASSWORD;
    private static final FakePlatform PLATFORM = start();

    @LocalServerPort
    private int port;

    @Autowired
    private MovableClock clock;

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
        PLATFORM.answers("/api/v1/overview", 200, Samples.calmOverview());
        PLATFORM.answers("/api/v1/runs", 200, Samples.runs());
        PLATFORM.answers("/api/v1/sessions", 200, Samples.sessions());
        browser = new Browser(port);
    }

    @Test
    void thePersonIsOnEveryPageWithRolesAndLabels() {
        browser.signIn("ana", PASSWORD);

        assertThat(browser.get("/runs").body()).contains("Ana Ruiz", "operator · airports");
        assertThat(browser.get("/account").body()).contains("Ana Ruiz", "config:read runs:operate runs:read");
    }

    @Test
    void thePlatformLearnsFromWhereSomebodySignsIn() {
        browser.signIn("ana", PASSWORD);

        var opening = PLATFORM.openings().get(0);
        assertThat(opening.path("remoteAddress").asString()).isEqualTo("127.0.0.1");
        assertThat(opening.path("userAgent").asString()).startsWith("Java");
    }

    @Test
    void neitherTokensNorTheNameAreInTheBrowser() {
        var landed = browser.signIn("ana", PASSWORD);

        assertThat(browser.sessionCookie())
                .doesNotContain("access-")
                .doesNotContain("refresh-")
                .doesNotContain("ana");
        assertThat(landed.body()).doesNotContain("access-").doesNotContain("refresh-");
        assertThat(landed.headers().map().toString()).doesNotContain("access-").doesNotContain("refresh-");
    }

    @Test
    void theSessionCookieIsForThisSiteAndNotForScripts() {
        var asked = browser.getWithoutFollowing("/sign-in");

        assertThat(asked.headers().firstValue("Set-Cookie").orElse(""))
                .contains("HttpOnly", "Path=/", "SameSite=Lax")
                .doesNotContain("Domain");
    }

    @Test
    void signingOutEndsTheSessionAtThePlatformToo() {
        browser.signIn("ana", PASSWORD);
        assertThat(PLATFORM.sessionsStanding()).isEqualTo(1);

        browser.post("/sign-out", Browser.csrfOf(browser.get("/runs")), "");

        assertThat(PLATFORM.requests()).contains("DELETE /api/v1/sessions/current");
        assertThat(PLATFORM.sessionsStanding()).isZero();
        assertThat(browser.get("/runs").uri().getPath()).isEqualTo("/sign-in");
    }

    @Test
    void signingOutWorksWhileThePlatformIsDown() {
        browser.signIn("ana", PASSWORD);
        var csrf = Browser.csrfOf(browser.get("/runs"));
        PLATFORM.goesDown();

        assertThat(browser.post("/sign-out", csrf, "").body()).contains("You are signed out.");
        assertThat(browser.get("/runs").uri().getPath()).isEqualTo("/sign-in");
    }

    @Test
    void aTokenNearItsEndIsReplacedOnceForRequestsAtTheSameTime() throws Exception {
        PLATFORM.accessTokensLive(59);
        browser.signIn("ana", PASSWORD);
        PLATFORM.accessTokensLive(600);
        assertThat(PLATFORM.refreshes()).isEqualTo(1);
        PLATFORM.forgetAccessTokens();

        var pages = atOnce(8, () -> browser.get("/runs"));

        assertThat(pages).allSatisfy(page -> assertThat(page.statusCode()).isEqualTo(200));
        assertThat(pages).allSatisfy(page -> assertThat(page.body()).contains("airports-daily"));
        assertThat(PLATFORM.refreshes()).isEqualTo(2);
    }

    @Test
    void whoIsBusyStaysSignedInBeyondTheFirstToken() {
        browser.signIn("ana", PASSWORD);

        for (int minutes = 0; minutes < 60; minutes += 4) {
            clock.passes(Duration.ofMinutes(4));
            assertThat(browser.get("/runs").body()).contains("airports-daily");
        }

        assertThat(PLATFORM.refreshes()).isEqualTo(15);
    }

    @Test
    void whenThePlatformEndsTheSessionThePersonSignsInAgainAndComesBack() {
        browser.signIn("ana", PASSWORD);
        PLATFORM.endSessions();

        var asked = browser.get("/runs?state=FAILED");
        assertThat(asked.uri().getPath()).isEqualTo("/sign-in");
        assertThat(asked.body()).contains("Your session has ended.");
        var landed = browser.signIn("ana", PASSWORD);

        assertThat(landed.uri().toString()).endsWith("/runs?state=FAILED");
    }

    @Test
    void aSessionOfEightHoursIsOverHoweverBusy() {
        browser.signIn("ana", PASSWORD);
        clock.passes(Duration.ofHours(8));

        var asked = browser.get("/runs");

        assertThat(asked.uri().getPath()).isEqualTo("/sign-in");
        assertThat(PLATFORM.sessionsStanding()).isZero();
    }

    @Test
    void aRefreshThatFailsForAMomentCostsNothingWhileTheTokenIsGood() {
        browser.signIn("ana", PASSWORD);
        clock.passes(Duration.ofMinutes(4));
        PLATFORM.refusesRefreshes(503);

        assertThat(browser.get("/runs").statusCode()).isEqualTo(200);

        clock.passes(Duration.ofMinutes(7));
        var later = browser.get("/runs");
        assertThat(later.statusCode()).isEqualTo(503);
        assertThat(later.body()).contains("The platform cannot be reached", "Try again");
    }

    @Test
    void thePortalsOwnTokenIsReplacedWhenItIsRefused() {
        browser.signIn("ana", PASSWORD);
        PLATFORM.forgetPortalToken();

        assertThat(new Browser(port).signIn("ana", PASSWORD).statusCode()).isEqualTo(200);
    }

    @Test
    void rolesThatDoNotAllowAPageAreSaidWithTheScope() {
        PLATFORM.person("cy", "Cy", "[\"auditor\"]", "[]", "[\"audit:read\"]");
        PLATFORM.answers("/api/v1/overview", 403, "{\"type\":\"https://syncline.io/problems/forbidden\"}");

        var page = browser.signIn("cy", PASSWORD);

        assertThat(page.statusCode()).isEqualTo(403);
        assertThat(page.body()).contains("Your roles do not allow this", "runs:read", "auditor");
        var metrics = browser.get("/actuator/prometheus");
        assertThat(metrics.statusCode()).isEqualTo(403);
        assertThat(metrics.body()).contains("Your roles do not allow this", "runs:read");
    }

    @Test
    void aPlatformThatIsDownIsSaidOnTheSignInPage() {
        PLATFORM.goesDown();

        var page = browser.signIn("ana", PASSWORD);

        assertThat(page.statusCode()).isEqualTo(503);
        assertThat(page.body())
                .contains("Nobody can sign in until it does")
                .doesNotContain("Name or password is wrong");
    }

    @Test
    void aPlatformThatDoesNotTakeThePortalsClientIsSaid() {
        PLATFORM.refusesOpenings("forbidden");

        var page = browser.signIn("ana", PASSWORD);

        assertThat(page.statusCode()).isEqualTo(502);
        assertThat(page.body()).contains("SYNCLINE_PORTAL_CLIENT_ID");
    }

    @Test
    void aSignInThatAnotherSiteSendsIsRefused() {
        browser.get("/sign-in");

        var page = browser.post("/sign-in", "forged", "username=ana&password=" + PASSWORD);

        assertThat(page.statusCode()).isEqualTo(403);
        assertThat(page.body()).contains("This page was open for too long. Sign in again.");
        assertThat(PLATFORM.openings()).isEmpty();
        assertThat(browser.post("/sign-in", Browser.csrfOf(page), "username=ana&password=" + PASSWORD)
                        .statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/runs?x=//evil.example", "/runs?x=https:%2F%2Fevil.example"})
    void thePageThatWasWantedIsAPageHere(String wanted) {
        browser.get(wanted);

        assertThat(browser.signIn("ana", PASSWORD).uri().toString())
                .startsWith("http://127.0.0.1:" + port + "/runs?x=");
    }

    @Test
    void aForgedHostDoesNotLeadElsewhereAfterTheSignIn() {
        browser.getWithoutFollowing("/runs", "X-Forwarded-Host", "evil.example", "Forwarded", "host=evil.example");

        assertThat(browser.signIn("ana", PASSWORD).uri().getHost()).isEqualTo("127.0.0.1");
    }

    @Test
    void assetsAndBackgroundRequestsAreNoPagesToComeBackTo() {
        browser.getWithoutFollowing("/favicon.ico", "Accept", "image/avif", "Sec-Fetch-Mode", "no-cors");

        assertThat(browser.signIn("ana", PASSWORD).uri().getPath()).isEqualTo("/");
    }

    @Test
    void nothingIsChangedByGet() {
        browser.signIn("ana", PASSWORD);

        assertThat(browser.get("/sign-out").statusCode()).isEqualTo(404);
        assertThat(browser.get("/account/password").statusCode()).isEqualTo(405);
        assertThat(browser.get("/account/sessions/x/end").statusCode()).isEqualTo(405);
        assertThat(PLATFORM.sessionsStanding()).isEqualTo(1);
    }

    @Test
    void changesWithoutTheFormsTokenAreRefused() {
        browser.signIn("ana", PASSWORD);

        for (var path : List.of("/account/password", "/account/sessions/x/end", "/set-up", "/sign-out")) {
            assertThat(browser.post(path, "forged", "a=b").statusCode())
                    .as(path)
                    .isEqualTo(403);
        }
        assertThat(PLATFORM.sessionsStanding()).isEqualTo(1);
    }

    @Test
    void aPasswordIsChangedByItsOwner() {
        browser.signIn("ana", PASSWORD);
        var csrf = Browser.csrfOf(browser.get("/account"));

        var differ = browser.post("/account/password", csrf, "current=%s&password=a&repeated=b".formatted(PASSWORD));
        var wrong =
                browser.post("/account/password", csrf, "current=no&password=violet-ferry-77&repeated=violet-ferry-77");
        var changed = browser.post(
                "/account/password",
                csrf,
                "current=%s&password=violet-ferry-77&repeated=violet-ferry-77".formatted(PASSWORD));

        assertThat(differ.statusCode()).isEqualTo(422);
        assertThat(differ.body()).contains("The two new passwords differ.");
        assertThat(wrong.body()).contains("The current password is wrong.").doesNotContain("violet-ferry-77");
        assertThat(changed.body()).contains("The password is changed.");
        assertThat(new Browser(port).signIn("ana", PASSWORD).statusCode()).isEqualTo(401);
        assertThat(new Browser(port).signIn("ana", "violet-ferry-77").statusCode())
                .isEqualTo(200);
    }

    @Test
    void ownSessionsAreListedAndAnotherOneIsEnded() {
        browser.signIn("ana", PASSWORD);
        var other = "/api/v1/sessions/019a9f50-0000-7000-8000-000000000002";
        PLATFORM.answers(other, 200, "{}");

        var page = browser.get("/account");
        var ended = browser.post(other.replace("/api/v1", "/account") + "/end", Browser.csrfOf(page), "");

        assertThat(page.body())
                .contains("192.0.2.7", "Firefox/140.0", "this one", "&lt;i&gt;odd&lt;/i&gt;")
                .doesNotContain("<i>odd");
        assertThat(PLATFORM.requests()).contains("DELETE " + other);
        assertThat(ended.body()).contains("The session is ended.");
    }

    @Test
    void aSetUpCodeSetsThePasswordOnce() {
        PLATFORM.person("bo", "Bo", "[\"viewer\"]", "[\"*\"]", "[\"runs:read\"]");
        PLATFORM.code("bo", "ABCD-EFGH");

        var weak = setUp("first=false&code=ABCD-EFGH&user=bo&password=short&repeated=short");
        var set = setUp("first=false&code=ABCD-EFGH&user=bo&password=violet-ferry-77&repeated=violet-ferry-77");
        var again = setUp("first=false&code=ABCD-EFGH&user=bo&password=violet-ferry-78&repeated=violet-ferry-78");

        assertThat(weak.statusCode()).isEqualTo(422);
        assertThat(weak.body())
                .contains("The password is shorter than 12 characters.")
                .doesNotContain("value=\"short\"");
        assertThat(set.body()).contains("The password is set. Sign in with it.");
        assertThat(again.statusCode()).isEqualTo(422);
        assertThat(again.body()).contains("The code is wrong, used, or older than 24 hours.");
        assertThat(browser.signIn("bo", "violet-ferry-77").body()).contains("viewer · all groups");
    }

    @Test
    void aNewPlatformGetsItsFirstAdministrator() {
        var made = setUp(
                "first=true&code=FIRST-CODE&user=root-1&fullName=Ro+Ot&password=violet-ferry-77&repeated=violet-ferry-77");

        assertThat(made.uri().getPath()).isEqualTo("/sign-in");
        assertThat(browser.signIn("root-1", "violet-ferry-77").body()).contains("Ro Ot", "admin");
    }

    @Test
    void whatIsMissingOnTheSetUpPageIsSaidAtOnce() {
        var page = setUp("first=true&code=&user=&fullName=&password=a&repeated=b");

        assertThat(page.body())
                .contains(
                        "The code is missing.",
                        "The name is missing.",
                        "The full name is missing.",
                        "The two passwords differ.");
        assertThat(PLATFORM.requests()).isEmpty();
    }

    private HttpResponse<String> setUp(String form) {
        return browser.post("/set-up", Browser.csrfOf(browser.get("/set-up")), form);
    }

    private static <T> List<T> atOnce(int times, Callable<T> call) throws Exception {
        var gate = new CyclicBarrier(times);
        var pool = Executors.newFixedThreadPool(times);
        try {
            var results = new ArrayList<T>();
            for (var future : pool.invokeAll(java.util.Collections.nCopies(times, (Callable<T>) () -> {
                gate.await();
                return call.call();
            }))) {
                results.add(future.get());
            }
            return results;
        } finally {
            pool.shutdownNow();
        }
    }

    @TestConfiguration
    static class Time {

        @Bean
        @Primary
        MovableClock movableClock() {
            return new MovableClock();
        }
    }

    static final class MovableClock extends Clock {

        private volatile Duration passed = Duration.ZERO;

        void passes(Duration span) {
            passed = passed.plus(span);
        }

        @Override
        public Instant instant() {
            return Instant.now().plus(passed);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
