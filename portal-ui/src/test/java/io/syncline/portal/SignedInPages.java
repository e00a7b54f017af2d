package io.syncline.portal;

import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** Somebody at the portal before a scripted platform; all classes of such tests share one portal. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"syncline.portal.client-id=portal", "syncline.portal.client-secret=portal-secret"})
abstract class SignedInPages {

    static final FakePlatform PLATFORM = start();

    @LocalServerPort
    private int port;

    Browser browser;

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

    @BeforeEach
    void open() {
        PLATFORM.reset();
        PLATFORM.person(
                "ada",
                "Ada Byron",
                "[\"admin\"]",
                "[\"*\"]",
                "[\"admin\",\"audit:read\",\"config:read\",\"config:write\",\"runs:operate\",\"runs:read\"]");
        PLATFORM.person("vi", "Vi Ewer", "[\"viewer\"]", "[\"airports\"]", "[\"config:read\",\"runs:read\"]");
        browser = new Browser(port);
    }

    void as(String user) {
        browser.signIn(user, FakePlatform.PASSWORD);
        PLATFORM.forgetRequests();
    }

    /** A page, which must be there. */
    String page(String path) {
        var answer = browser.get(path);
        if (answer.statusCode() != 200) {
            throw new AssertionError(path + " answers " + answer.statusCode() + ": " + answer.body());
        }
        return answer.body();
    }

    /** Sends a form of the page {@code from}; names and contents in turn. */
    HttpResponse<String> send(String from, String target, String... fields) {
        var form = new StringBuilder("sent=form");
        for (int at = 0; at < fields.length; at += 2) {
            form.append('&')
                    .append(fields[at])
                    .append('=')
                    .append(URLEncoder.encode(fields[at + 1], StandardCharsets.UTF_8));
        }
        return browser.post(target, Browser.csrfOf(browser.get(from)), form.toString());
    }

    static String problem(String slug, String detail, String more) {
        return "{\"type\":\"https://syncline.io/problems/%s\",\"detail\":\"%s\"%s}".formatted(slug, detail, more);
    }

    /** A refusal that names one member. */
    static String fault(String pointer, String detail) {
        return problem(
                "invalid-body",
                "Correct what the errors name.",
                ",\"errors\":[{\"pointer\":\"%s\",\"detail\":\"%s\",\"code\":\"invalid\"}]".formatted(pointer, detail));
    }
}
