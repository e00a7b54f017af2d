package io.syncline.portal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** A portal that started while its identity provider was away, served over HTTPS by a proxy. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "syncline.portal.client-id=portal",
            "syncline.portal.client-secret=portal-secret",
            "syncline.portal.https=true",
            // The discard port: nobody answers.
            "syncline.portal.oidc.issuer-uri=http://127.0.0.1:9",
            "syncline.portal.oidc.client-id=portal-at-idp",
            "syncline.portal.oidc.client-secret=secret"
        })
class OidcProviderDownTest {

    private static final FakePlatform PLATFORM = start();

    @LocalServerPort
    private int port;

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

    @Test
    void theSignInPageSaysThatTheProviderDoesNotAnswer() {
        var page = new Browser(port).get("/sign-in/with/oidc");

        assertThat(page.statusCode()).isEqualTo(503);
        assertThat(page.body())
                .contains("The identity provider does not answer as expected.", "name=\"password\"")
                .doesNotContain("127.0.0.1:9");
    }

    @Test
    void theSessionCookieIsBoundToTheHost() {
        var cookie = new Browser(port)
                .getWithoutFollowing("/sign-in")
                .headers()
                .firstValue("Set-Cookie")
                .orElse("");

        assertThat(cookie)
                .startsWith("__Host-syncline=")
                .contains("Secure", "HttpOnly", "SameSite=Lax", "Path=/")
                .doesNotContain("Domain");
    }
}
