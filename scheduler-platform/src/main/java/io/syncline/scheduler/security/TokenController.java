package io.syncline.scheduler.security;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * The token endpoint: client-credentials grant (RFC 6749, section 4.4), the client shown by HTTP Basic (section 2.3.1) or by
 * a signed assertion (RFC 7523), whichever is its own.
 */
@RestController
class TokenController {

    private static final String BASIC = "basic ";
    private static final int MOST_LOCKED_OUT = 10_000;

    private final JdbcClients clients;
    private final Assertions assertions;
    private final TokenSigner signer;
    private final TokenProperties properties;
    private final LastUse lastUse;
    private final Lockout lockout = new Lockout(System::nanoTime, MOST_LOCKED_OUT);

    TokenController(
            JdbcClients clients,
            Assertions assertions,
            TokenSigner signer,
            TokenProperties properties,
            LastUse lastUse) {
        this.clients = clients;
        this.assertions = assertions;
        this.signer = signer;
        this.properties = properties;
        this.lastUse = lastUse;
    }

    @PublicRoute
    @PostMapping(Assertions.ENDPOINT)
    ResponseEntity<Map<String, Object>> token(HttpServletRequest request) throws IOException {
        if (request.getHeader(HttpHeaders.AUTHORIZATION) != null || !isForm(request.getContentType())) {
            var client = bySecret(request);
            var form = form(request);
            if (form.containsKey("client_secret") || form.containsKey("client_assertion")) {
                throw invalidRequest("Show the client by the Authorization header alone (client_secret_basic).");
            }
            return answer(client, form);
        }
        var form = form(request);
        return answer(byAssertion(form), form);
    }

    private Client bySecret(HttpServletRequest request) {
        var credentials = credentials(request);
        var address = request.getRemoteAddr();
        var remaining = lockout.remaining(credentials.id(), address);
        if (!remaining.isZero()) {
            throw tooManyFailures(remaining);
        }
        var client = clients.authenticate(credentials.id(), credentials.secret());
        if (client.isEmpty()) {
            lockout.failed(credentials.id(), address);
            throw invalidClient("The client is unknown or its secret is wrong.");
        }
        lockout.succeeded(credentials.id(), address);
        return client.get();
    }

    private Client byAssertion(Map<String, String> form) {
        var assertion = form.get("client_assertion");
        if (assertion == null) {
            throw invalidClient("Send the client's id and secret by HTTP Basic, or a client_assertion.");
        }
        if (form.containsKey("client_secret")) {
            throw invalidRequest("Show the client in one way.");
        }
        if (!Assertions.TYPE.equals(form.get("client_assertion_type"))) {
            throw invalidRequest("client_assertion_type is " + Assertions.TYPE + ".");
        }
        return assertions
                .client(assertion)
                .orElseThrow(() -> invalidClient("The client is unknown or its assertion is not accepted."));
    }

    private ResponseEntity<Map<String, Object>> answer(Client client, Map<String, String> form) {
        var clientId = form.get("client_id");
        if (clientId != null && !clientId.equals(client.key())) {
            throw invalidRequest("client_id differs from the client that was shown.");
        }
        var grant = form.get("grant_type");
        if (grant == null) {
            throw invalidRequest("grant_type is missing; it is client_credentials.");
        }
        if (!grant.equals("client_credentials")) {
            throw refusal(400, "unsupported_grant_type", "The only grant_type here is client_credentials.");
        }
        var scope = JdbcClients.text(granted(client, form.get("scope")));
        lastUse.note(client.key());
        var answer = new SecretAnswer();
        answer.put(
                "access_token",
                signer.sign(
                        client.key(), StrictJwtDecoder.PLATFORM_AUDIENCE, scope, client.system(), properties.life()));
        answer.put("token_type", "Bearer");
        answer.put("expires_in", properties.life().toSeconds());
        answer.put("scope", scope);
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noStore())
                .header(HttpHeaders.PRAGMA, "no-cache")
                .body(answer);
    }

    private record Credentials(String id, String secret) {}

    private static Credentials credentials(HttpServletRequest request) {
        var header = request.getHeader(HttpHeaders.AUTHORIZATION);
        if (header == null || !header.toLowerCase(Locale.ROOT).startsWith(BASIC)) {
            throw invalidClient("Send the client's id and secret by HTTP Basic.");
        }
        try {
            var plain = utf8(
                    Base64.getDecoder().decode(header.substring(BASIC.length()).strip()));
            var colon = plain.indexOf(':');
            if (colon > 0) {
                return new Credentials(decode(plain.substring(0, colon)), decode(plain.substring(colon + 1)));
            }
        } catch (IllegalArgumentException | CharacterCodingException e) {
            // falls through to the refusal
        }
        throw invalidClient("The Authorization header is no HTTP Basic of id and secret, each form-encoded.");
    }

    private static Map<String, String> form(HttpServletRequest request) throws IOException {
        requireForm(request.getContentType());
        var form = new HashMap<String, String>();
        try {
            var body = utf8(request.getInputStream().readAllBytes());
            for (var pair : body.split("&")) {
                if (pair.isEmpty()) {
                    continue;
                }
                var equals = pair.indexOf('=');
                var name = decode(equals < 0 ? pair : pair.substring(0, equals));
                var value = equals < 0 ? "" : decode(pair.substring(equals + 1));
                if (form.containsKey(name)) {
                    throw invalidRequest("A parameter is there twice.");
                }
                // RFC 6749: a parameter without a value is treated as if it were not there
                form.put(name, value);
            }
        } catch (IllegalArgumentException | CharacterCodingException e) {
            throw invalidRequest("The body is no form in UTF-8.");
        }
        form.values().removeIf(String::isEmpty);
        return form;
    }

    private static boolean isForm(@Nullable String contentType) {
        try {
            return contentType != null
                    && MediaType.APPLICATION_FORM_URLENCODED.isCompatibleWith(MediaType.parseMediaType(contentType));
        } catch (org.springframework.http.InvalidMediaTypeException e) {
            return false;
        }
    }

    private static void requireForm(@Nullable String contentType) {
        if (isForm(contentType)) {
            return;
        }
        throw ProblemException.of(415, "unsupported-media-type", "Unsupported media type")
                .detail("Send application/x-www-form-urlencoded.")
                .header(HttpHeaders.ACCEPT, MediaType.APPLICATION_FORM_URLENCODED_VALUE)
                .member("error", "invalid_request")
                .member("error_description", "Send application/x-www-form-urlencoded.");
    }

    private static Set<Scope> granted(Client client, @Nullable String asked) {
        if (asked == null) {
            return client.scopes();
        }
        var included = Scope.withIncluded(client.scopes());
        var granted = new ArrayList<Scope>();
        for (var name : asked.split(" ", -1)) {
            granted.add(Scope.of(name)
                    .filter(included::contains)
                    .orElseThrow(() -> refusal(400, "invalid_scope", "The client has no scope of this name.")));
        }
        return Set.copyOf(granted);
    }

    private static String utf8(byte[] bytes) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes))
                .toString();
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private static ProblemException invalidClient(String why) {
        return refusal(401, "invalid_client", why).header(HttpHeaders.WWW_AUTHENTICATE, "Basic realm=\"syncline\"");
    }

    /** The same for every name, known or not. */
    private static ProblemException tooManyFailures(Duration remaining) {
        return refusal(429, "temporarily_unavailable", "Too many wrong secrets came from this address; wait.")
                .header(HttpHeaders.RETRY_AFTER, Long.toString(remaining.toSeconds() + 1));
    }

    private static ProblemException invalidRequest(String why) {
        return refusal(400, "invalid_request", why);
    }

    private static ProblemException refusal(int status, String error, String why) {
        return ProblemException.of(status, error.replace('_', '-'), title(error))
                .detail(why)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .member("error", error)
                .member("error_description", why);
    }

    private static String title(String error) {
        return switch (error) {
            case "invalid_client" -> "Invalid client";
            case "invalid_scope" -> "Invalid scope";
            case "unsupported_grant_type" -> "Unsupported grant type";
            case "invalid_request" -> "Invalid request";
            case "temporarily_unavailable" -> "Temporarily unavailable";
            default -> throw new IllegalArgumentException(error);
        };
    }
}
