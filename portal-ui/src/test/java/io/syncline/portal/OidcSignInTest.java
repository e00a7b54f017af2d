package io.syncline.portal;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jwt.SignedJWT;
import io.syncline.portal.FakeIdentityProvider.Signing;
import java.io.IOException;
import java.text.ParseException;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The way by the identity provider and back, over real redirects. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "syncline.portal.client-id=portal",
            "syncline.portal.client-secret=portal-secret",
            "syncline.portal.oidc.client-id=" + FakeIdentityProvider.CLIENT,
            "syncline.portal.oidc.client-secret=" + FakeIdentityProvider.SECRET,
            "syncline.portal.oidc.name=Example ID"
        })
class OidcSignInTest {

    private static final String BEGIN = "/sign-in/with/oidc";
    private static final FakePlatform PLATFORM = platform();
    private static final FakeIdentityProvider PROVIDER = provider();

    @LocalServerPort
    private int port;

    private Browser browser;

    private static FakePlatform platform() {
        try {
            return new FakePlatform();
        } catch (IOException trouble) {
            throw new AssertionError(trouble);
        }
    }

    private static FakeIdentityProvider provider() {
        try {
            return new FakeIdentityProvider();
        } catch (IOException | JOSEException trouble) {
            throw new AssertionError(trouble);
        }
    }

    @DynamicPropertySource
    static void addresses(DynamicPropertyRegistry registry) {
        registry.add("syncline.portal.platform-url", PLATFORM::url);
        registry.add("syncline.portal.oidc.issuer-uri", PROVIDER::issuer);
    }

    @AfterAll
    static void stop() {
        PLATFORM.close();
        PROVIDER.close();
    }

    @BeforeEach
    void open() {
        PLATFORM.reset();
        PROVIDER.reset();
        PLATFORM.answers("/api/v1/runs", 200, Samples.runs());
        PLATFORM.answers("/api/v1/sessions", 200, Samples.sessions());
        PLATFORM.idTokens((token, nonce) -> PLATFORM.opened("ana"));
        browser = new Browser(port);
    }

    @Test
    void aPersonComesByTheProviderAndLandsOnThePageThatWasWanted() throws ParseException {
        browser.get("/runs?state=FAILED");
        assertThat(browser.get("/sign-in").body()).contains("Sign in with", "Example ID", "href=\"" + BEGIN + "\"");
        var before = browser.sessionCookie();

        var landed = browser.get(BEGIN);

        assertThat(landed.statusCode()).isEqualTo(200);
        assertThat(landed.uri().toString()).endsWith("/runs?state=FAILED");
        assertThat(landed.body()).contains("Ana Ruiz", "airports-daily");
        assertThat(browser.sessionCookie()).isNotEqualTo(before);
        var shown = PLATFORM.openings().get(0);
        var claims = SignedJWT.parse(shown.path("idToken").asString()).getJWTClaimsSet();
        assertThat(claims.getSubject()).isEqualTo("8c1f");
        assertThat(shown.path("nonce").asString())
                .isEqualTo(claims.getClaim("nonce"))
                .isEqualTo(PROVIDER.begun().get(0).get("nonce"));
        assertThat(shown.path("remoteAddress").asString()).isEqualTo("127.0.0.1");
    }

    @Test
    void whoCameByTheProviderSignsOutAtThePlatform() {
        var page = browser.get(BEGIN);

        browser.post("/sign-out", Browser.csrfOf(page), "");

        assertThat(PLATFORM.sessionsStanding()).isZero();
        assertThat(browser.get("/runs").uri().getPath()).isEqualTo("/sign-in");
    }

    @Test
    void everyWayHasItsOwnStateNonceAndChallenge() {
        new Browser(port).get(BEGIN);
        new Browser(port).get(BEGIN);

        for (var name : List.of("state", "nonce", "code_challenge")) {
            assertThat(PROVIDER.begun())
                    .extracting(asked -> asked.get(name))
                    .as(name)
                    .doesNotHaveDuplicates();
        }
        assertThat(PROVIDER.begun().get(0).get("redirect_uri"))
                .isEqualTo("http://127.0.0.1:" + port + "/sign-in/back/oidc");
    }

    @Test
    void withoutAnAccountThePlatformsWordsAreShownAndNobodyIsIn() {
        PLATFORM.idTokens((token, nonce) ->
                FakePlatform.refused("no-account", "Nobody here is known by this account. Ask an administrator."));

        var page = browser.get(BEGIN);

        assertThat(page.statusCode()).isEqualTo(403);
        assertThat(page.body()).contains("Nobody here is known by this account. Ask an administrator.");
        assertThat(browser.get("/runs").uri().getPath()).isEqualTo("/sign-in");
    }

    @Test
    void whoPressesNoThereIsToldSo() {
        PROVIDER.refuses();

        var page = browser.get(BEGIN);

        assertThat(page.statusCode()).isEqualTo(403);
        assertThat(page.body()).contains("The identity provider did not let you in.");
        assertThat(PLATFORM.openings()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(value = Signing.class, names = "RIGHT", mode = EnumSource.Mode.EXCLUDE)
    void anIdTokenThatTheProviderDidNotSignIsNotShownToThePlatform(Signing signing) {
        PROVIDER.signs(signing);

        refusedWithoutThePlatform();
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonce", "no nonce", "iss", "aud", "exp", "iat", "azp"})
    void anIdTokenThatIsNotOfThisSignInIsNotShownToThePlatform(String spoiled) {
        PROVIDER.spoils(claims -> switch (spoiled) {
            case "nonce" -> claims.claim("nonce", "another");
            case "no nonce" -> claims.claim("nonce", null);
            case "iss" -> claims.issuer("https://idp.example.com");
            case "aud" -> claims.audience("another-client");
            case "exp" ->
                claims.issueTime(Date.from(Instant.now().minusSeconds(300)))
                        .expirationTime(Date.from(Instant.now().minusSeconds(31)));
            case "iat" -> claims.issueTime(Date.from(Instant.now().plusSeconds(60)));
            case "azp" ->
                claims.audience(List.of(FakeIdentityProvider.CLIENT, "b")).claim("azp", "b");
            default -> throw new AssertionError(spoiled);
        });

        refusedWithoutThePlatform();
    }

    @Test
    void aWayBackThatWasNotBegunHereIsRefused() {
        var forged = browser.get("/sign-in/back/oidc?code=code-of-somebody&state=guessed");

        assertThat(forged.statusCode()).isEqualTo(403);
        assertThat(forged.body()).contains("This sign-in was not begun here, or too long ago.");
        assertThat(PLATFORM.openings()).isEmpty();
    }

    @Test
    void aWayBackOfAnotherBrowserIsRefused() {
        var attacker = new Browser(port);
        var toProvider = attacker.getWithoutFollowing(BEGIN)
                .headers()
                .firstValue("Location")
                .orElseThrow();
        var back = Browser.location(toProvider);

        var victim = browser.get(back.substring(back.indexOf("/sign-in/back")));

        assertThat(victim.statusCode()).isEqualTo(403);
        assertThat(PLATFORM.openings()).isEmpty();
    }

    @Test
    void aTokenEndpointThatIsDownIsSaid() {
        var toProvider = browser.getWithoutFollowing(BEGIN)
                .headers()
                .firstValue("Location")
                .orElseThrow();
        var back = Browser.location(toProvider);
        PROVIDER.goesDown();

        var page = browser.get(back.substring(back.indexOf("/sign-in/back")));

        assertThat(page.statusCode()).isEqualTo(503);
        assertThat(page.body()).contains("The identity provider does not answer as expected.");
    }

    private void refusedWithoutThePlatform() {
        var page = browser.get(BEGIN);

        assertThat(page.statusCode()).isEqualTo(503);
        assertThat(page.body()).contains("The identity provider does not answer as expected.");
        assertThat(PLATFORM.openings()).isEmpty();
        assertThat(browser.get("/runs").uri().getPath()).isEqualTo("/sign-in");
    }
}
