package io.syncline.scheduler.security;

import io.syncline.outbox.WebhookSigner;
import io.syncline.scheduler.store.SteadyClock;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.ServletRequestPathUtils;

/**
 * Lets signed webhooks in as calls of their client. A body is held in memory until its signature is checked, so only so many
 * are read at once, in all and from one address; beyond, the answer is 503.
 */
@Component
final class WebhookFilter extends OncePerRequestFilter {

    static final String CLIENT_VARIABLE = "client";

    /** No dot: id, timestamp and body are signed with dots in between, and must not run into each other. */
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_:-]{1,200}");

    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,12}");
    private static final int MOST_SIGNATURES = 5;
    private static final int MOST_BODIES = 64;
    private static final int MOST_BODIES_OF_ADDRESS = 16;

    private final Routes routes;
    private final Doorkeeper doorkeeper;
    private final ClientStanding standing;
    private final JdbcClients clients;
    private final WebhookReceipts receipts;
    private final LastUse lastUse;
    private final SteadyClock clock;
    private final Semaphore bodies = new Semaphore(MOST_BODIES);
    private final Map<String, Integer> bodiesByAddress = new HashMap<>();

    WebhookFilter(
            Routes routes,
            Doorkeeper doorkeeper,
            ClientStanding standing,
            JdbcClients clients,
            WebhookReceipts receipts,
            LastUse lastUse,
            SteadyClock clock) {
        this.routes = routes;
        this.doorkeeper = doorkeeper;
        this.standing = standing;
        this.clients = clients;
        this.receipts = receipts;
        this.lastUse = lastUse;
        this.clock = clock;
    }

    /** The headers of one webhook, each of the right form. */
    private record Signed(String id, String timestamp, String signatures) {}

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        var route = Routes.taking(routes.at(request), request.getMethod()).stream()
                .filter(here -> here.access() instanceof Route.Webhook)
                .findFirst();
        if (route.isEmpty()) {
            chain.doFilter(request, response);
            return;
        }
        var client = client(route.get(), request);
        var signed = signed(request);
        var body = body(request);
        var secrets = clients.webhookSecrets(client.key(), clock.now());
        if (secrets.isEmpty()
                || new WebhookSigner(secrets)
                                .verify(signed.id(), signed.timestamp(), signed.signatures(), body, clock.now())
                        != WebhookSigner.Verdict.GENUINE) {
            throw unauthorized();
        }
        var caller = Caller.machine(client.key(), client.system(), Scope.withIncluded(client.scopes()));
        if (!doorkeeper.letsIn(route.get().access(), caller)) {
            throw Problems.forbidden();
        }
        if (!receipts.isFirstOrSame(client.key(), signed.id(), fingerprint(request, body))) {
            throw ProblemException.of(422, "webhook-id-reused", "The webhook id was used for another message")
                    .detail(
                            "Take a new webhook-id for another message; the same one is for repeating the same message.")
                    .headerError(WebhookSigner.ID, "was used with another body or other ce- headers", "id-reused");
        }
        lastUse.note(client.key());
        var context = SecurityContextHolder.createEmptyContext();
        context.setAuthentication(new CallerAuthentication(caller));
        SecurityContextHolder.setContext(context);
        chain.doFilter(new HeldBody(request, body), response);
    }

    private Client client(Route route, HttpServletRequest request) {
        var path = ServletRequestPathUtils.parseAndCache(request).pathWithinApplication();
        var match = route.pattern().matchAndExtract(path);
        var key = match == null ? null : match.getUriVariables().get(CLIENT_VARIABLE);
        if (key == null || !Keys.isKey(key)) {
            throw unauthorized();
        }
        return standing.find(key)
                .filter(client -> client.settings().webhook())
                .orElseThrow(WebhookFilter::unauthorized);
    }

    /** Refuses what cannot be good before the body is read. */
    private Signed signed(HttpServletRequest request) {
        var id = only(request, WebhookSigner.ID);
        var timestamp = only(request, WebhookSigner.TIMESTAMP);
        var signatures = only(request, WebhookSigner.SIGNATURE);
        if (!ID.matcher(id).matches()
                || !SECONDS.matcher(timestamp).matches()
                || signatures.split(" ", -1).length > MOST_SIGNATURES
                || Math.abs(clock.now().getEpochSecond() - Long.parseLong(timestamp))
                        > WebhookSigner.TOLERANCE.toSeconds()) {
            throw unauthorized();
        }
        return new Signed(id, timestamp, signatures);
    }

    private static String only(HttpServletRequest request, String header) {
        var values = Collections.list(request.getHeaders(header));
        if (values.size() != 1) {
            throw unauthorized();
        }
        return values.get(0);
    }

    private byte[] body(HttpServletRequest request) throws IOException {
        var address = request.getRemoteAddr();
        if (!bodies.tryAcquire()) {
            throw overloaded();
        }
        try {
            if (!begin(address)) {
                throw overloaded();
            }
            try {
                return request.getInputStream().readAllBytes();
            } finally {
                end(address);
            }
        } finally {
            bodies.release();
        }
    }

    private boolean begin(String address) {
        synchronized (bodiesByAddress) {
            var reading = bodiesByAddress.getOrDefault(address, 0);
            if (reading >= MOST_BODIES_OF_ADDRESS) {
                return false;
            }
            bodiesByAddress.put(address, reading + 1);
            return true;
        }
    }

    private void end(String address) {
        synchronized (bodiesByAddress) {
            bodiesByAddress.computeIfPresent(address, (known, count) -> count == 1 ? null : count - 1);
        }
    }

    /** What makes the message, beyond what is signed: in binary mode its attributes are headers. */
    private static String fingerprint(HttpServletRequest request, byte[] body) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            add(digest, "content-type", request.getContentType());
            var names = new TreeSet<String>();
            Collections.list(request.getHeaderNames()).forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
            names.stream()
                    .filter(name -> name.startsWith("ce-"))
                    .forEach(name -> add(digest, name, String.join("\n", Collections.list(request.getHeaders(name)))));
            return HexFormat.of().formatHex(digest.digest(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void add(MessageDigest digest, String name, @Nullable String text) {
        digest.update((name + ": " + text + "\n\n").getBytes(StandardCharsets.UTF_8));
    }

    /** One answer, whatever is wrong: the client is unknown, sends no webhooks, or has not signed this. */
    private static ProblemException unauthorized() {
        return ProblemException.of(401, "unauthorized", "Unauthorized")
                .detail("The webhook is not accepted: unknown client, or its webhook-id, webhook-timestamp and"
                        + " webhook-signature are not what this client signs, or older than 5 minutes.")
                .header(HttpHeaders.WWW_AUTHENTICATE, "Standard-Webhooks realm=\"syncline\"");
    }

    private static ProblemException overloaded() {
        return ProblemException.overloaded(503)
                .detail("Too many webhooks are being read; send it again.")
                .header(HttpHeaders.RETRY_AFTER, "2");
    }
}
