package io.syncline.portal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** What keeps pages up to date, and what it does not keep: a session whose person is not there. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"syncline.portal.client-id=portal", "syncline.portal.client-secret=portal-secret"})
@Import(SessionTest.Time.class)
@Timeout(60)
class LivePagesTest {

    private static final String PASSWORD = FakePlatform.PASSWORD;
    private static final FakePlatform PLATFORM = start();
    private static final String EVENT =
            "event: change\nid: 17\ndata: {\"kind\":\"run\",\"id\":\"r1\",\"version\":17}\n\n";

    @LocalServerPort
    private int port;

    @Autowired
    private SessionTest.MovableClock clock;

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
        PLATFORM.reset();
        PLATFORM.close();
    }

    @BeforeEach
    void signIn() {
        PLATFORM.reset();
        PLATFORM.answers("/api/v1/runs", 200, Samples.runs());
        browser = new Browser(port);
        browser.signIn("ana", PASSWORD);
        browser.get("/runs");
    }

    @Test
    void eventsAreHandedOnAsTheyCome() {
        var stream = browser.stream("/live");
        assertThat(stream.statusCode()).isEqualTo(200);
        assertThat(stream.headers().firstValue("Content-Type").orElse("")).startsWith("text/event-stream");
        assertThat(stream.headers().firstValue("X-Accel-Buffering")).contains("no");
        var lines = lines(stream);
        assertThat(next(lines)).isEqualTo("retry: 3000");

        PLATFORM.tells(EVENT);

        assertThat(next(lines)).isEqualTo("event: change");
        assertThat(next(lines)).isEqualTo("id: 17");
        assertThat(next(lines)).contains("\"id\":\"r1\"");
    }

    @Test
    void aBrowserThatComesAgainGoesOnWhereItWas() {
        next(lines(browser.stream("/live", "Last-Event-ID", "1795176000000001")));
        next(lines(browser.stream("/live?after=1795176000000002")));
        next(lines(browser.stream("/live?after=nonsense%0d%0aX:1")));

        assertThat(PLATFORM.lastEventIds()).containsExactly("1795176000000001", "1795176000000002", "");
    }

    @Test
    void theStreamEndsWithThePlatformsSide() {
        var lines = lines(browser.stream("/live"));
        assertThat(next(lines)).isEqualTo("retry: 3000");

        PLATFORM.endsStreams();

        assertThat(rest(lines)).isBlank();
    }

    @Test
    void theStreamEndsWhenThePersonSignsOut() {
        var lines = lines(browser.stream("/live"));
        assertThat(next(lines)).isEqualTo("retry: 3000");

        browser.post("/sign-out", Browser.csrfOf(browser.get("/runs")), "");

        assertThat(rest(lines)).isBlank();
    }

    @Test
    void aStrangerAndAnEndedSessionAreTold401() {
        var stranger = new Browser(port);
        assertThat(stranger.getWithoutFollowing("/live", "Accept", "text/event-stream")
                        .statusCode())
                .isEqualTo(401);
        assertThat(stranger.getWithoutFollowing("/runs", "X-Live", "true").statusCode())
                .isEqualTo(401);
        assertThat(stranger.getWithoutFollowing("/runs").statusCode()).isEqualTo(302);

        PLATFORM.endSessions();

        assertThat(browser.getWithoutFollowing("/live").statusCode()).isEqualTo(401);
    }

    @Test
    void aTokenThatIsRefusedIsReplacedOnceForTheStreamAsWell() {
        PLATFORM.forgetAccessTokens();

        var lines = lines(browser.stream("/live"));

        assertThat(next(lines)).isEqualTo("retry: 3000");
    }

    @Test
    void aPlatformWithoutAPlaceIsNoPage() {
        PLATFORM.answers("/api/v1/events", 503, "{}");

        var answer = browser.getWithoutFollowing("/live");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).doesNotContain("<html");
    }

    @Test
    void pagesThatRefreshThemselvesDoNotKeepASession() {
        for (int minutes = 0; minutes < 14; minutes += 2) {
            clock.passes(Duration.ofMinutes(2));
            assertThat(browser.getWithoutFollowing("/runs", "X-Live", "true").statusCode())
                    .isEqualTo(200);
        }

        clock.passes(Duration.ofMinutes(2));

        assertThat(browser.getWithoutFollowing("/runs", "X-Live", "true").statusCode())
                .isEqualTo(401);
        assertThat(PLATFORM.sessionsStanding()).isZero();
        assertThat(browser.get("/runs").uri().getPath()).isEqualTo("/sign-in");
    }

    @Test
    void neitherDoesAStreamThatComesAgainAndAgain() {
        for (int minutes = 0; minutes < 14; minutes += 7) {
            clock.passes(Duration.ofMinutes(7));
            next(lines(browser.stream("/live")));
        }
        clock.passes(Duration.ofMinutes(2));

        assertThat(browser.getWithoutFollowing("/live").statusCode()).isEqualTo(401);
    }

    @Test
    void whoWorksKeepsTheSession() {
        for (int minutes = 0; minutes < 40; minutes += 10) {
            clock.passes(Duration.ofMinutes(10));
            assertThat(browser.get("/runs").uri().getPath()).isEqualTo("/runs");
        }
    }

    private static BufferedReader lines(HttpResponse<InputStream> stream) {
        return new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8));
    }

    /** The next line that is not empty; waits for it. */
    private static String next(BufferedReader lines) {
        try {
            var line = lines.readLine();
            while (line != null && line.isEmpty()) {
                line = lines.readLine();
            }
            return line == null ? "the end" : line;
        } catch (IOException cut) {
            throw new UncheckedIOException(cut);
        }
    }

    private static String rest(BufferedReader lines) {
        var rest = new StringBuilder();
        try {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                rest.append(line);
            }
        } catch (IOException cut) {
            // An end as well.
        }
        return rest.toString();
    }
}
