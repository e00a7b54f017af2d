package io.syncline.portal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** A person at the portal without JavaScript: follows redirects, keeps cookies, fills forms with their token. */
final class Browser {

    private static final Pattern CSRF = Pattern.compile("name=\"_csrf\" value=\"([^\"]+)\"");

    private final CookieManager cookies = new CookieManager();
    private final HttpClient http = HttpClient.newBuilder()
            .cookieHandler(cookies)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build();
    private final String origin;

    Browser(int port) {
        this.origin = "http://127.0.0.1:" + port;
    }

    HttpResponse<String> get(String path) {
        return send(HttpRequest.newBuilder(URI.create(origin + path)).GET());
    }

    HttpResponse<String> signIn(String name, String password) {
        return post(
                "/sign-in", csrfOf(get("/sign-in")), "username=" + encoded(name) + "&password=" + encoded(password));
    }

    /** As {@link #get}, with the answer itself and not what it leads to. */
    HttpResponse<String> getWithoutFollowing(String path, String... headers) {
        var request = HttpRequest.newBuilder(URI.create(origin + path)).GET();
        if (headers.length > 0) {
            request.headers(headers);
        }
        return send(
                HttpClient.newBuilder()
                        .cookieHandler(cookies)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .build(),
                request);
    }

    /** An answer that goes on. */
    HttpResponse<InputStream> stream(String path, String... headers) {
        var request = HttpRequest.newBuilder(URI.create(origin + path)).GET();
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        } catch (IOException trouble) {
            throw new AssertionError(trouble);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new AssertionError(stopped);
        }
    }

    HttpResponse<String> post(String path, String csrf, String form) {
        return send(HttpRequest.newBuilder(URI.create(origin + path))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form + "&_csrf=" + encoded(csrf))));
    }

    /** A form with a file, as browsers send one; {@code fields} are names and contents in turn. */
    HttpResponse<String> upload(
            String path, String csrf, String field, String fileName, byte[] file, String... fields) {
        var boundary = "part-of-the-form";
        var body = new ByteArrayOutputStream();
        body.writeBytes(part(boundary, "_csrf", csrf));
        for (int at = 0; at < fields.length; at += 2) {
            body.writeBytes(part(boundary, fields[at], fields[at + 1]));
        }
        body.writeBytes(
                "--%s\r\nContent-Disposition: form-data; name=\"%s\"; filename=\"%s\"\r\nContent-Type: application/octet-stream\r\n\r\n"
                        .formatted(boundary, field, fileName)
                        .getBytes(StandardCharsets.UTF_8));
        body.writeBytes(file);
        body.writeBytes("\r\n--%s--\r\n".formatted(boundary).getBytes(StandardCharsets.UTF_8));
        return send(HttpRequest.newBuilder(URI.create(origin + path))
                .header("Content-Type", "multipart/form-data; boundary=" + boundary)
                .header("Accept", "text/html")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body.toByteArray())));
    }

    private static byte[] part(String boundary, String name, String content) {
        return "--%s\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n"
                .formatted(boundary, name, content)
                .getBytes(StandardCharsets.UTF_8);
    }

    String sessionCookie() {
        return cookies.getCookieStore().getCookies().stream()
                .filter(cookie -> cookie.getName().equals("syncline"))
                .map(Object::toString)
                .findFirst()
                .orElse("");
    }

    static String csrfOf(HttpResponse<String> page) {
        var found = CSRF.matcher(page.body());
        if (!found.find()) {
            throw new AssertionError("no form token on " + page.uri() + ": " + page.body());
        }
        return found.group(1);
    }

    /** Where an address of another site leads next. */
    static String location(String address) {
        var answer = send(HttpClient.newHttpClient(), HttpRequest.newBuilder(URI.create(address)));
        return answer.headers().firstValue("Location").orElseThrow();
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        return send(http, request);
    }

    private static HttpResponse<String> send(HttpClient client, HttpRequest.Builder request) {
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException trouble) {
            throw new AssertionError(trouble);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new AssertionError(stopped);
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
