package io.syncline.systemtests.api;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** A person at the portal without scripts, who follows redirects and keeps cookies. */
public final class PortalVisitor {

    private static final Pattern CSRF = Pattern.compile("name=\"_csrf\" value=\"([^\"]+)\"");

    private final String origin;
    private final HttpClient http = HttpClient.newBuilder()
            .cookieHandler(new CookieManager())
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build();

    public PortalVisitor(String origin) {
        this.origin = origin;
    }

    public HttpResponse<String> get(String path) {
        return send(HttpRequest.newBuilder(URI.create(origin + path)).GET());
    }

    public HttpResponse<String> signIn(String name, String password) {
        return post("/sign-in", get("/sign-in"), "username=%s&password=%s".formatted(name, encoded(password)));
    }

    /**
     * Sends a form with the token of the page that it is on.
     *
     * @param form encoded as {@code application/x-www-form-urlencoded}
     * @throws IllegalArgumentException if there is no form on the page
     */
    public HttpResponse<String> post(String path, HttpResponse<String> page, String form) {
        var csrf = CSRF.matcher(page.body());
        if (!csrf.find()) {
            throw new IllegalArgumentException("no form on " + page.uri() + ": " + page.body());
        }
        return send(HttpRequest.newBuilder(URI.create(origin + path))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form + "&_csrf=" + encoded(csrf.group(1)))));
    }

    public static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException trouble) {
            throw new UncheckedIOException(trouble);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while calling " + origin, stopped);
        }
    }
}
