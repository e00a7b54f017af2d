import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.RSAPublicKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * A downstream without any framework or library: {@code java PlainDownstream.java PORT PLATFORM-URL SYSTEM FOLDER}.
 * What it does, and why, is told in docs/plain-http.md. It passes the same contract tests as services with the starter.
 */
public final class PlainDownstream {

    static final String PATH = "/sync/plans";
    static final String CANCEL_PATH = "/sync/plans/cancel";
    static final int MOST_BODY_BYTES = 1 << 20;
    static final Pattern KEY = Pattern.compile("\"([ !#-\\[\\]-~]{1,200})\"");
    static final Pattern TRACE = Pattern.compile("[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}");

    private final Tokens tokens;
    private final Journal journal;
    private final Callbacks callbacks;
    private final Path folder;
    private final ThreadPoolExecutor workers =
            new ThreadPoolExecutor(4, 4, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(100));

    private PlainDownstream(Tokens tokens, Journal journal, Callbacks callbacks, Path folder) {
        this.tokens = tokens;
        this.journal = journal;
        this.callbacks = callbacks;
        this.folder = folder;
    }

    public static void main(String[] arguments) throws IOException {
        var folder = Files.createDirectories(Path.of(arguments[3]));
        var http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(Duration.ofSeconds(3))
                .build();
        var journal = Journal.open(folder.resolve("journal"), Instant.now().minus(Duration.ofDays(35)));
        var tokens = new Tokens(new Keys(http, arguments[1] + "/.well-known/jwks.json"), arguments[1], arguments[2]);
        var downstream = new PlainDownstream(tokens, journal, new Callbacks(http, journal), folder);
        var server = HttpServer.create(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0])), 100);
        server.setExecutor(Executors.newFixedThreadPool(16));
        server.createContext("/", downstream::take);
        downstream.goOn();
        server.start();
        System.out.println("listening on " + server.getAddress().getPort());
    }

    /** What an earlier process accepted and did not finish. */
    private void goOn() {
        for (var work : journal.works()) {
            if (!work.ended()) {
                workers.getQueue().add(() -> run(work));
            }
            callbacks.send(work);
        }
        workers.prestartAllCoreThreads();
    }

    // ---- requests

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            try {
                answer(exchange);
            } catch (Problem problem) {
                problem.write(exchange);
            } catch (IOException | RuntimeException trouble) {
                trouble.printStackTrace();
                new Problem(503, "store-unavailable", "The service failed", "Send the request again.")
                        .retryAfter(2)
                        .write(exchange);
            }
        }
    }

    /** In the order that the platform's contract gives: 401, 404, 405, 415, 413, 400, 422. */
    private void answer(HttpExchange exchange) throws IOException, Problem {
        var path = exchange.getRequestURI().getPath();
        if (path.equals("/health")) {
            write(exchange, 200, "{\"status\": \"UP\"}");
            return;
        }
        tokens.check(exchange.getRequestHeaders().getFirst("Authorization"));
        if (!path.equals(PATH) && !path.equals(CANCEL_PATH)) {
            throw new Problem(404, "not-found", "There is no such path", "Call " + PATH + ".");
        }
        if (!exchange.getRequestMethod().equals("POST")) {
            exchange.getResponseHeaders().set("Allow", "POST");
            throw new Problem(405, "method-not-allowed", "The path has no such method", "Use POST.");
        }
        var type = exchange.getRequestHeaders().getFirst("Content-Type");
        if (type == null || !type.split(";")[0].strip().equalsIgnoreCase("application/json")) {
            throw new Problem(415, "unsupported-media-type", "The body has another media type", "Send JSON.");
        }
        var body = exchange.getRequestBody().readNBytes(MOST_BODY_BYTES + 1);
        if (body.length > MOST_BODY_BYTES) {
            throw new Problem(413, "body-too-large", "The body is too large", "Send at most 1 MiB.");
        }
        var header = exchange.getRequestHeaders().getFirst("Idempotency-Key");
        var key = header == null ? null : KEY.matcher(header.strip());
        if (key == null || !key.matches() || key.group(1).isBlank()) {
            throw new Problem(
                    400, "idempotency-key-missing", "The Idempotency-Key cannot be read", "Send it as a quoted text.");
        }
        if (path.equals(PATH)) {
            call(exchange, key.group(1), object(body));
        } else {
            cancel(exchange, key.group(1));
        }
    }

    private static Map<?, ?> object(byte[] body) throws Problem {
        try {
            if (Json.read(new String(body, StandardCharsets.UTF_8)) instanceof Map<?, ?> object) {
                return object;
            }
        } catch (IllegalArgumentException noJson) {
            throw new Problem(400, "malformed-request", "The request cannot be read", "The body is not JSON.");
        }
        throw new Problem(422, "invalid-sync-call", "The sync call is not valid", "The body is not an object.");
    }

    private void call(HttpExchange exchange, String key, Map<?, ?> request) throws IOException, Problem {
        validate(request);
        Work work;
        synchronized (journal) {
            work = journal.find(key);
            if (work == null) {
                if (workers.getQueue().remainingCapacity() == 0) {
                    throw new Problem(503, "too-much-work", "There is no room for more work", "Send the call again.")
                            .retryAfter(2);
                }
                // On the disk before the answer: what was accepted survives everything.
                work = journal.accept(key, request);
                begin(work);
            } else if (!work.fingerprint.equals(fingerprint(request))) {
                throw new Problem(
                        422,
                        "idempotency-key-reused",
                        "The key belongs to other work",
                        "Task, business key, parameters or trigger differ from the first call of this key.");
            } else {
                journal.refreshCallback(work, (Map<?, ?>) request.get("callback"));
            }
        }
        write(exchange, work.ended() ? 200 : 202, Json.write(work.report));
    }

    private void begin(Work work) {
        try {
            workers.execute(() -> run(work));
        } catch (RejectedExecutionException full) {
            throw new IllegalStateException("the room was looked at before", full);
        }
    }

    private void cancel(HttpExchange exchange, String key) throws IOException, Problem {
        synchronized (journal) {
            var work = journal.find(key);
            if (work == null) {
                throw new Problem(404, "unknown-work", "There is no such work", "No sync call came with this key.");
            }
            if (!work.ended()) {
                // The platform knows, so nothing is reported.
                journal.end(work, work.newReport("FAILED", Map.of("message", "cancelled", "retryable", false)), false);
            }
        }
        write(exchange, 200, "{\"cancelled\": true}");
    }

    /** All that is wrong, at once. */
    private static void validate(Map<?, ?> request) throws Problem {
        var errors = new ArrayList<Map<String, Object>>();
        for (var pointer : List.of(
                "/runId",
                "/taskRunId",
                "/group",
                "/task",
                "/trigger/source",
                "/trigger/id",
                "/trigger/type",
                "/callback/url",
                "/callback/token")) {
            if (!(Json.at(request, pointer) instanceof String text) || text.isBlank()) {
                errors.add(
                        Map.of("pointer", pointer, "detail", "must be a text that is not empty", "code", "required"));
            }
        }
        if (!(Json.at(request, "/attempt") instanceof BigDecimal attempt) || attempt.signum() <= 0) {
            errors.add(Map.of("pointer", "/attempt", "detail", "must be a whole number from 1", "code", "range"));
        }
        if (!errors.isEmpty()) {
            throw new Problem(422, "invalid-sync-call", "The sync call is not valid", "Correct what is named.")
                    .withErrors(errors);
        }
    }

    /** What makes two calls the same work, however they are written. */
    static String fingerprint(Map<?, ?> request) {
        var parts = new ArrayList<Object>();
        for (var pointer : List.of(
                "/task",
                "/businessKey",
                "/parameters",
                "/trigger/source",
                "/trigger/id",
                "/trigger/type",
                "/trigger/time",
                "/trigger/data")) {
            parts.add(Json.at(request, pointer));
        }
        return Json.write(parts);
    }

    static void write(HttpExchange exchange, int status, String json) throws IOException {
        var bytes = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().putIfAbsent("Content-Type", List.of("application/json"));
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    // ---- the work itself

    private void run(Work work) {
        try {
            if (work.ended()) {
                return;
            }
            journal.report(
                    work, work.newReport("RUNNING", Map.of("progress", Map.of("done", 0, "total", 1, "unit", "days"))));
            callbacks.send(work);
            copy(work);
            var counted = Map.of("expectedRows", 1, "actualRows", 1, "missing", 0, "unexpected", 0, "different", 0);
            journal.end(work, work.newReport("COMPLETED", Map.of("reconciliation", counted)), true);
        } catch (IOException | RuntimeException trouble) {
            trouble.printStackTrace();
            fail(work, String.valueOf(trouble.getMessage()));
        }
        callbacks.send(work);
    }

    private void fail(Work work, String message) {
        try {
            journal.end(work, work.newReport("FAILED", Map.of("message", message, "retryable", true)), true);
        } catch (IOException trouble) {
            // Left open: the next process does it again, and the platform asks on.
            trouble.printStackTrace();
        }
    }

    /** A file for each key, put there in one step: the work runs again when the process died in the middle. */
    private void copy(Work work) throws IOException {
        var file = folder.resolve(work.key.replaceAll("[^A-Za-z0-9.-]", "_") + ".csv");
        var half = Files.writeString(
                folder.resolve(file.getFileName() + ".half"),
                "plan,price\nbasic,5\n# " + work.request.get("businessKey") + "\n");
        Files.move(half, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    // ---- errors

    /** A problem document (RFC 9457). */
    static final class Problem extends Exception {
        private final int status;
        private final Map<String, Object> document = new LinkedHashMap<>();
        private int retryAfter;

        Problem(int status, String slug, String title, String detail) {
            super(slug, null, false, false);
            this.status = status;
            document.put("type", "https://plans.example.com/problems/" + slug);
            document.put("title", title);
            document.put("status", status);
            document.put("detail", detail);
        }

        Problem retryAfter(int seconds) {
            retryAfter = seconds;
            return this;
        }

        Problem withErrors(List<?> errors) {
            document.put("errors", errors);
            return this;
        }

        void write(HttpExchange exchange) throws IOException {
            var parent = exchange.getRequestHeaders().getFirst("traceparent");
            var trace = parent == null ? null : TRACE.matcher(parent);
            document.put(
                    "traceId",
                    trace != null && trace.matches()
                            ? trace.group(1)
                            : UUID.randomUUID().toString().replace("-", ""));
            exchange.getResponseHeaders().set("Content-Type", "application/problem+json");
            if (retryAfter > 0) {
                exchange.getResponseHeaders().set("Retry-After", Integer.toString(retryAfter));
            }
            if (status == 401) {
                exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer error=\"invalid_token\"");
            }
            PlainDownstream.write(exchange, status, Json.write(document));
        }
    }

    // ---- tokens

    /** Whether a call comes from the platform and is meant for this system. */
    static final class Tokens {
        private static final Map<String, String> ALGORITHMS =
                Map.of("ES256", "SHA256withECDSAinP1363Format", "RS256", "SHA256withRSA", "EdDSA", "Ed25519");
        private static final Set<String> REFUSED =
                Set.of("jku", "jwk", "x5u", "x5c", "x5t", "x5t#S256", "crit", "zip", "enc", "b64");
        private static final long LEEWAY = 30;
        private static final long LONGEST_LIFE = 900;

        private final Keys keys;
        private final String issuer;
        private final String system;

        Tokens(Keys keys, String issuer, String system) {
            this.keys = keys;
            this.issuer = issuer;
            this.system = system;
        }

        void check(String authorization) throws Problem {
            if (authorization == null || !authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
                throw refused("Send the token of the call as bearer token.");
            }
            try {
                check(authorization.substring(7).strip(), Instant.now().getEpochSecond());
            } catch (RuntimeException | GeneralSecurityException bad) {
                throw refused("The token cannot be read.");
            }
        }

        private void check(String token, long now) throws Problem, GeneralSecurityException {
            var parts = token.split("\\.", -1);
            if (token.length() > 8 * 1024 || parts.length != 3) {
                throw refused("The token is no signed JWT of at most 8 KiB.");
            }
            var header = (Map<?, ?>) Json.read(new String(decode(parts[0]), StandardCharsets.UTF_8));
            var claims = (Map<?, ?>) Json.read(new String(decode(parts[1]), StandardCharsets.UTF_8));
            // The algorithm comes from a list of ours, and the key says which one it is for.
            var algorithm = header.get("alg");
            var type = header.get("typ");
            if (!(algorithm instanceof String name)
                    || !ALGORITHMS.containsKey(name)
                    || !(type instanceof String typ)
                    || !Set.of("at+jwt", "application/at+jwt").contains(typ.toLowerCase(java.util.Locale.ROOT))
                    || header.keySet().stream().anyMatch(REFUSED::contains)
                    || !(header.get("kid") instanceof String kid)) {
                throw refused("The header of the token is not accepted.");
            }
            var key = keys.find(kid);
            if (key == null || !key.algorithm().equals(name)) {
                throw refused("The key of the token is not known, or not for its algorithm.");
            }
            var signature = Signature.getInstance(ALGORITHMS.get(name));
            signature.initVerify(key.key());
            signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
            if (!signature.verify(decode(parts[2]))) {
                throw refused("The signature of the token is wrong.");
            }
            var audience = claims.get("aud");
            if (!issuer.equals(claims.get("iss"))
                    || !(system.equals(audience) || audience instanceof List<?> all && all.contains(system))) {
                throw refused("The token is of another issuer or for another system.");
            }
            long issued = seconds(claims.get("iat"));
            long ends = seconds(claims.get("exp"));
            if (now > ends + LEEWAY
                    || issued > now + LEEWAY
                    || ends - issued > LONGEST_LIFE
                    || claims.containsKey("nbf") && seconds(claims.get("nbf")) > now + LEEWAY) {
                throw refused("The token has ended, has not begun or lives too long.");
            }
            if (!(claims.get("sub") instanceof String sub)
                    || sub.isEmpty()
                    || !(claims.get("jti") instanceof String jti)
                    || jti.isEmpty()) {
                throw refused("The token lacks sub or jti.");
            }
        }

        private static long seconds(Object claim) {
            if (claim instanceof BigDecimal number && number.scale() <= 0 && number.precision() <= 12) {
                return number.longValueExact();
            }
            throw new IllegalArgumentException("no number of seconds");
        }

        /** One spelling only: no padding, no bits left over. */
        static byte[] decode(String part) {
            var bytes = Base64.getUrlDecoder().decode(part);
            if (bytes.length == 0
                    || !Base64.getUrlEncoder()
                            .withoutPadding()
                            .encodeToString(bytes)
                            .equals(part)) {
                throw new IllegalArgumentException("not base64url");
            }
            return bytes;
        }

        private static Problem refused(String detail) {
            return new Problem(401, "unauthorized", "No valid token", detail);
        }
    }

    /** A public key of the platform, and the one algorithm that it is for. */
    record Key(PublicKey key, String algorithm) {}

    /** The platform's keys by kid: renewed each minute, and for an unknown kid at most once a minute. */
    static final class Keys {
        private final HttpClient http;
        private final URI jwks;
        private Map<String, Key> keys = Map.of();
        private long triedAt;
        private long fetchedAt;
        private boolean tried;

        Keys(HttpClient http, String jwks) {
            this.http = http;
            this.jwks = URI.create(jwks);
        }

        synchronized Key find(String kid) throws Problem {
            var pause = TimeUnit.SECONDS.toNanos(keys.isEmpty() ? 1 : 60);
            if (!tried || System.nanoTime() - triedAt >= pause) {
                fetch();
            }
            // While the platform is away its keys are good for a day.
            if (keys.isEmpty() || System.nanoTime() - fetchedAt > TimeUnit.HOURS.toNanos(24)) {
                throw new Problem(503, "keys-unavailable", "The platform's keys are not available", "Send it again.")
                        .retryAfter(2);
            }
            return keys.get(kid);
        }

        private void fetch() {
            tried = true;
            triedAt = System.nanoTime();
            try {
                var request = HttpRequest.newBuilder(jwks)
                        .timeout(Duration.ofSeconds(2))
                        .build();
                var answer = http.send(request, HttpResponse.BodyHandlers.ofString());
                var found = new HashMap<String, Key>();
                for (var jwk : (List<?>) ((Map<?, ?>) Json.read(answer.body())).get("keys")) {
                    add(found, (Map<?, ?>) jwk);
                }
                if (answer.statusCode() == 200 && !found.isEmpty()) {
                    keys = Map.copyOf(found);
                    fetchedAt = System.nanoTime();
                }
            } catch (IOException | RuntimeException trouble) {
                System.err.println("The platform's keys could not be fetched: " + trouble);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        }

        /** A key of a kind that is not known is left out. */
        private static void add(Map<String, Key> found, Map<?, ?> jwk) {
            var use = jwk.get("use");
            if (!(jwk.get("kid") instanceof String kid) || use != null && !use.equals("sig")) {
                return;
            }
            try {
                var key = key(jwk);
                var algorithm = jwk.get("alg");
                if (key != null && (algorithm == null || algorithm.equals(key.algorithm()))) {
                    found.put(kid, key);
                }
            } catch (GeneralSecurityException | RuntimeException unreadable) {
                System.err.println("The key " + kid + " cannot be read: " + unreadable);
            }
        }

        private static Key key(Map<?, ?> jwk) throws GeneralSecurityException {
            var kind = jwk.get("kty") + " " + jwk.get("crv");
            if (kind.equals("EC P-256")) {
                var curve = AlgorithmParameters.getInstance("EC");
                curve.init(new ECGenParameterSpec("secp256r1"));
                var point = new ECPoint(number(jwk, "x"), number(jwk, "y"));
                var spec = new ECPublicKeySpec(point, curve.getParameterSpec(ECParameterSpec.class));
                return new Key(KeyFactory.getInstance("EC").generatePublic(spec), "ES256");
            }
            if (kind.equals("OKP Ed25519")) {
                var bytes = Base64.getUrlDecoder().decode((String) jwk.get("x"));
                boolean odd = (bytes[31] & 0x80) != 0;
                bytes[31] &= 0x7f;
                for (int i = 0; i < 16; i++) {
                    var swapped = bytes[i];
                    bytes[i] = bytes[31 - i];
                    bytes[31 - i] = swapped;
                }
                var point = new EdECPoint(odd, new BigInteger(1, bytes));
                var spec = new EdECPublicKeySpec(NamedParameterSpec.ED25519, point);
                return new Key(KeyFactory.getInstance("Ed25519").generatePublic(spec), "EdDSA");
            }
            if ("RSA".equals(jwk.get("kty")) && number(jwk, "n").bitLength() >= 2048) {
                var spec = new RSAPublicKeySpec(number(jwk, "n"), number(jwk, "e"));
                return new Key(KeyFactory.getInstance("RSA").generatePublic(spec), "RS256");
            }
            return null;
        }

        private static BigInteger number(Map<?, ?> jwk, String member) {
            return new BigInteger(1, Base64.getUrlDecoder().decode((String) jwk.get(member)));
        }
    }

    // ---- what is remembered

    /** The work of one idempotency key. Changed under the lock of the journal alone. */
    static final class Work {
        final String key;
        final String fingerprint;
        final Map<?, ?> request;
        volatile Map<?, ?> callback;
        volatile Map<?, ?> report;
        final Deque<Map<?, ?>> unsent = new ArrayDeque<>();
        int tries;
        boolean sending;

        Work(String key, Map<?, ?> request) {
            this.key = key;
            this.request = request;
            this.fingerprint = fingerprint(request);
            this.callback = (Map<?, ?>) request.get("callback");
            this.report = Map.of("status", "RUNNING", "attempt", request.get("attempt"));
        }

        boolean ended() {
            return !"RUNNING".equals(report.get("status"));
        }

        /** Its callbackId stays the same however often it is sent. */
        Map<String, Object> newReport(String status, Map<String, ?> members) {
            var before = report.get("sequence") instanceof BigDecimal number ? number : BigDecimal.ZERO;
            var next = new LinkedHashMap<String, Object>();
            next.put("callbackId", UUID.randomUUID().toString());
            next.put("attempt", request.get("attempt"));
            next.put("sequence", before.add(BigDecimal.ONE));
            next.put("status", status);
            next.putAll(members);
            next.put("occurredAt", Instant.now().toString());
            return next;
        }
    }

    /** A file to which lines are added and forced to the disk; a process that starts reads it again. */
    static final class Journal {
        private final Map<String, Work> works = new ConcurrentHashMap<>();
        private final FileChannel file;

        private Journal(FileChannel file) {
            this.file = file;
        }

        /** Leaves out what ended before, so that the file does not grow for ever. */
        static synchronized Journal open(Path path, Instant forget) throws IOException {
            var old = new Journal(null);
            if (Files.exists(path)) {
                var text = Files.readString(path);
                // A last line without its end was never acknowledged.
                text.substring(0, text.lastIndexOf('\n') + 1).lines().forEach(old::replay);
            }
            var fresh = path.resolveSibling("journal.new");
            Files.deleteIfExists(fresh);
            var journal = new Journal(FileChannel.open(fresh, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
            for (var work : old.works.values()) {
                var at = work.report.get("occurredAt");
                if (!work.ended()
                        || !work.unsent.isEmpty()
                        || Instant.parse((String) at).isAfter(forget)) {
                    journal.works.put(work.key, work);
                    journal.append(Map.of("accepted", work.key, "request", work.request));
                    journal.append(Map.of("callback", work.key, "is", work.callback));
                    journal.append(
                            Map.of("state", work.key, "report", work.report, "unsent", List.copyOf(work.unsent)));
                }
            }
            Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return journal;
        }

        private void replay(String line) {
            var entry = (Map<?, ?>) Json.read(line);
            if (entry.get("accepted") instanceof String key) {
                works.put(key, new Work(key, (Map<?, ?>) entry.get("request")));
            } else if (entry.get("callback") instanceof String key) {
                works.get(key).callback = (Map<?, ?>) entry.get("is");
            } else if (entry.get("state") instanceof String key) {
                var work = works.get(key);
                work.report = (Map<?, ?>) entry.get("report");
                work.unsent.clear();
                ((List<?>) entry.get("unsent")).forEach(report -> work.unsent.add((Map<?, ?>) report));
            }
        }

        synchronized List<Work> works() {
            return List.copyOf(works.values());
        }

        synchronized Work find(String key) {
            return works.get(key);
        }

        synchronized Work accept(String key, Map<?, ?> request) throws IOException {
            append(Map.of("accepted", key, "request", request));
            var work = new Work(key, request);
            works.put(key, work);
            return work;
        }

        /** The callback of the latest call, whichever call is answered last. */
        synchronized void refreshCallback(Work work, Map<?, ?> callback) throws IOException {
            if (!callback.equals(work.callback) && !expiry(callback).isBefore(expiry(work.callback))) {
                append(Map.of("callback", work.key, "is", callback));
                work.callback = callback;
            }
        }

        private static Instant expiry(Map<?, ?> callback) {
            return callback.get("expiresAt") instanceof String text ? Instant.parse(text) : Instant.EPOCH;
        }

        synchronized void report(Work work, Map<?, ?> report) throws IOException {
            if (!work.ended()) {
                store(work, report, true);
            }
        }

        /** The first end stands. */
        synchronized void end(Work work, Map<?, ?> report, boolean tell) throws IOException {
            if (!work.ended()) {
                store(work, report, tell);
            }
        }

        synchronized void sent(Work work, Map<?, ?> report) throws IOException {
            var unsent = new ArrayDeque<>(work.unsent);
            unsent.remove(report);
            append(Map.of("state", work.key, "report", work.report, "unsent", List.copyOf(unsent)));
            work.unsent.remove(report);
        }

        private void store(Work work, Map<?, ?> report, boolean tell) throws IOException {
            // As it will be read again, so that a repeat is answered with the same bytes after a restart.
            var read = (Map<?, ?>) Json.read(Json.write(report));
            var unsent = new ArrayList<Map<?, ?>>(work.unsent);
            if (tell) {
                unsent.add(read);
            }
            append(Map.of("state", work.key, "report", read, "unsent", unsent));
            work.report = read;
            work.unsent.clear();
            work.unsent.addAll(unsent);
        }

        private void append(Map<String, ?> entry) throws IOException {
            var line = ByteBuffer.wrap((Json.write(entry) + "\n").getBytes(StandardCharsets.UTF_8));
            while (line.hasRemaining()) {
                file.write(line);
            }
            file.force(false);
        }
    }

    // ---- callbacks

    /** Sends the reports of each work in their order, again and again until the platform took them. */
    static final class Callbacks {
        private static final int MOST_REFUSALS = 5;

        private final HttpClient http;
        private final Journal journal;
        private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(4);

        Callbacks(HttpClient http, Journal journal) {
            this.http = http;
            this.journal = journal;
        }

        void send(Work work) {
            synchronized (journal) {
                if (work.sending || work.unsent.isEmpty()) {
                    return;
                }
                work.sending = true;
            }
            threads.execute(() -> sendNext(work));
        }

        private void sendNext(Work work) {
            Map<?, ?> report;
            synchronized (journal) {
                report = work.unsent.peek();
                if (report == null) {
                    work.sending = false;
                    return;
                }
            }
            long wait = 0;
            try {
                wait = attempt(work, report);
            } catch (IOException | RuntimeException noAnswer) {
                wait = backoff(work);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                return;
            }
            threads.schedule(() -> sendNext(work), wait, TimeUnit.MILLISECONDS);
        }

        /** How long to wait until the next one, or the same again, in milliseconds. */
        private long attempt(Work work, Map<?, ?> report) throws IOException, InterruptedException {
            // The callback of the latest call, looked up each time.
            var callback = work.callback;
            var request = HttpRequest.newBuilder(URI.create((String) callback.get("url")))
                    .timeout(Duration.ofSeconds(10))
                    .header("Authorization", "Bearer " + callback.get("token"))
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(Json.write(report)))
                    .build();
            var answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            int status = answer.statusCode();
            boolean taken = status == 200 && isAnswer(answer.body());
            boolean refused = Set.of(401, 403, 404).contains(status) && ++work.tries >= MOST_REFUSALS;
            boolean wrong = Set.of(400, 409, 410, 413, 415, 422).contains(status);
            if (taken || refused || wrong) {
                if (!taken) {
                    // The platform's next call gets the status anyway.
                    System.err.println("A report of " + work.key + " was refused with " + status);
                }
                work.tries = 0;
                journal.sent(work, report);
                return 0;
            }
            var retryAfter = answer.headers().firstValue("Retry-After").orElse("");
            return retryAfter.matches("\\d{1,4}") ? Long.parseLong(retryAfter) * 1000 : backoff(work);
        }

        private static boolean isAnswer(String body) {
            try {
                return Json.read(body) instanceof Map<?, ?> answer && answer.get("applied") instanceof Boolean;
            } catch (IllegalArgumentException noJson) {
                return false;
            }
        }

        /** 0.2 s, doubling to a minute. */
        private static long backoff(Work work) {
            return Math.min(60_000, 200L << Math.min(10, work.tries++));
        }
    }

    // ---- JSON

    /** As much JSON as this needs: strict, no member twice, at most 64 levels; written with its members sorted. */
    static final class Json {
        private static final int MOST_LEVELS = 64;
        private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9]\\d*)(\\.\\d+)?([eE][+-]?\\d{1,4})?");

        private final String text;
        private int at;

        private Json(String text) {
            this.text = text;
        }

        /** @throws IllegalArgumentException when it is not one JSON value */
        static Object read(String text) {
            var reader = new Json(text);
            var value = reader.value(0);
            reader.space();
            if (reader.at != text.length()) {
                throw new IllegalArgumentException("more than one value");
            }
            return value;
        }

        /** The value at a pointer of plain names; null when it is not there. */
        static Object at(Object tree, String pointer) {
            var value = tree;
            for (var name : Arrays.asList(pointer.substring(1).split("/"))) {
                value = value instanceof Map<?, ?> object ? object.get(name) : null;
            }
            return value;
        }

        static String write(Object value) {
            var out = new StringBuilder();
            write(value, out);
            return out.toString();
        }

        private static void write(Object value, StringBuilder out) {
            if (value instanceof Map<?, ?> object) {
                var sorted = new TreeMap<String, Object>();
                object.forEach((name, member) -> sorted.put((String) name, member));
                out.append('{');
                sorted.forEach((name, member) -> {
                    write(name, out.append(out.charAt(out.length() - 1) == '{' ? "" : ","));
                    write(member, out.append(':'));
                });
                out.append('}');
            } else if (value instanceof List<?> list) {
                out.append('[');
                for (int i = 0; i < list.size(); i++) {
                    write(list.get(i), out.append(i == 0 ? "" : ","));
                }
                out.append(']');
            } else if (value instanceof BigDecimal number) {
                var plain = number.stripTrailingZeros();
                out.append(Math.abs((long) plain.scale()) < 30 ? plain.toPlainString() : plain.toString());
            } else if (value instanceof String text) {
                writeText(text, out);
            } else {
                out.append(value);
            }
        }

        private static void writeText(String text, StringBuilder out) {
            out.append('"');
            for (int i = 0; i < text.length(); i++) {
                var c = text.charAt(i);
                if (c == '"' || c == '\\') {
                    out.append('\\').append(c);
                } else if (c < ' ' || c > '~') {
                    out.append(String.format("\\u%04x", (int) c));
                } else {
                    out.append(c);
                }
            }
            out.append('"');
        }

        private Object value(int level) {
            if (level > MOST_LEVELS) {
                throw new IllegalArgumentException("too deep");
            }
            space();
            return switch (peek()) {
                case '{' -> object(level);
                case '[' -> list(level);
                case '"' -> string();
                case 't' -> word("true", Boolean.TRUE);
                case 'f' -> word("false", Boolean.FALSE);
                case 'n' -> word("null", null);
                default -> number();
            };
        }

        private Map<String, Object> object(int level) {
            var object = new LinkedHashMap<String, Object>();
            at++;
            space();
            if (peek() == '}') {
                at++;
                return object;
            }
            while (true) {
                space();
                var name = string();
                space();
                expect(':');
                if (object.containsKey(name)) {
                    throw new IllegalArgumentException("a member twice");
                }
                object.put(name, value(level + 1));
                space();
                if (peek() == '}') {
                    at++;
                    return object;
                }
                expect(',');
            }
        }

        private List<Object> list(int level) {
            var list = new ArrayList<>();
            at++;
            space();
            if (peek() == ']') {
                at++;
                return list;
            }
            while (true) {
                list.add(value(level + 1));
                space();
                if (peek() == ']') {
                    at++;
                    return list;
                }
                expect(',');
            }
        }

        private String string() {
            expect('"');
            var out = new StringBuilder();
            for (char c = next(); c != '"'; c = next()) {
                if (c < ' ') {
                    throw new IllegalArgumentException("a control character");
                }
                out.append(c == '\\' ? escaped() : c);
            }
            return out.toString();
        }

        private char escaped() {
            char c = next();
            return switch (c) {
                case '"', '\\', '/' -> c;
                case 'b' -> '\b';
                case 'f' -> '\f';
                case 'n' -> '\n';
                case 'r' -> '\r';
                case 't' -> '\t';
                case 'u' -> (char) (hex() << 12 | hex() << 8 | hex() << 4 | hex());
                default -> throw new IllegalArgumentException("an unknown escape");
            };
        }

        private int hex() {
            int digit = Character.digit(next(), 16);
            if (digit < 0) {
                throw new IllegalArgumentException("no hexadecimal digit");
            }
            return digit;
        }

        private BigDecimal number() {
            var number = NUMBER.matcher(text).region(at, text.length());
            if (!number.lookingAt()) {
                throw new IllegalArgumentException("no value");
            }
            at = number.end();
            return new BigDecimal(number.group());
        }

        private Object word(String word, Object value) {
            if (!text.startsWith(word, at)) {
                throw new IllegalArgumentException("no value");
            }
            at += word.length();
            return value;
        }

        private void space() {
            while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
                at++;
            }
        }

        private char peek() {
            return at < text.length() ? text.charAt(at) : '\0';
        }

        private char next() {
            if (at >= text.length()) {
                throw new IllegalArgumentException("it ends too soon");
            }
            return text.charAt(at++);
        }

        private void expect(char c) {
            if (next() != c) {
                throw new IllegalArgumentException("expected " + c);
            }
        }
    }
}
