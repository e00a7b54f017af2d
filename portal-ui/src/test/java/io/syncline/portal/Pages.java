package io.syncline.portal;

import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** One portal and one scripted platform for the tests of many pages. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"syncline.portal.client-id=portal", "syncline.portal.client-secret=portal-secret"})
abstract class Pages {

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
    void begin() {
        PLATFORM.reset();
        PLATFORM.answers("/api/v1/runs", 200, "{\"items\":[],\"nextCursor\":null}");
        browser = new Browser(port);
    }

    /** Signs in somebody with these scopes who reaches all labels. */
    void signIn(String role, String... scopes) {
        PLATFORM.person("bo", "Bo Lund", "[\"" + role + "\"]", "[\"*\"]", "[\"" + String.join("\",\"", scopes) + "\"]");
        browser.signIn("bo", FakePlatform.PASSWORD);
        PLATFORM.forgetRequests();
    }

    /** Sends a form of this page, named by its fields: name, value, name, value. */
    HttpResponse<String> send(HttpResponse<String> page, String path, String... fields) {
        var form = new StringBuilder();
        for (int i = 0; i < fields.length; i += 2) {
            form.append(form.isEmpty() ? "" : "&")
                    .append(encoded(fields[i]))
                    .append('=')
                    .append(encoded(fields[i + 1]));
        }
        return browser.post(path, Browser.csrfOf(page), form.toString());
    }

    /** The value of a hidden or visible input of this name. */
    static String valueOf(HttpResponse<String> page, String name) {
        Matcher found = Pattern.compile("<input[^>]*name=\"" + Pattern.quote(name) + "\"[^>]*value=\"([^\"]*)\"")
                .matcher(page.body());
        if (!found.find()) {
            throw new AssertionError("no input " + name + " in " + page.body());
        }
        return found.group(1).replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&");
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
