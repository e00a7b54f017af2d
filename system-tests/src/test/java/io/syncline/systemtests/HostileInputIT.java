package io.syncline.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.systemtests.api.PlatformApi;
import io.syncline.systemtests.process.Ports;
import io.syncline.systemtests.process.ServiceProcess;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * What no honest caller sends, over plain sockets to all four services: every answer is a refusal of the caller's making,
 * says nothing of our insides, and leaves no line of the caller's in a log.
 */
class HostileInputIT {

    /** What only our insides are named like. */
    private static final Pattern INSIDES = Pattern.compile(
            "(?i)(\\bjava\\.|\\bjakarta\\.|org\\.(springframework|apache|h2|postgresql)|io\\.syncline\\.[a-z]"
                    + "|tools\\.jackson|com\\.fasterxml|snakeyaml|Exception|\\bat [a-z.]+\\(|stack ?trace|Tomcat"
                    + "|jdbc|\\bselect \\w+ from|\\binsert into|StackOverflow|OutOfMemory|/tmp/|/root/|/home/|\\.java\\b)");

    private static final String JSON = "application/json";
    private static final String EVENT = "application/cloudevents+json";

    @TempDir
    private static Path home;

    private static Stack stack;
    private static PlatformApi platform;
    private static final Map<String, ServiceProcess> SERVICES = new LinkedHashMap<>();

    @BeforeAll
    static void start() {
        stack = Stack.onH2(home);
        SERVICES.put("platform", Stack.ready(stack.startNode()));
        platform = stack.platform();
        var provider = platform.createClient("data-provider", "data-provider", List.of("triggers:write"));
        var consumer = platform.createClient("data-consumer", "data-consumer", List.of("callbacks:write", "data:read"));
        var portal = platform.createClient("portal", null, List.of("runs:read"));
        SERVICES.put("provider", stack.startProvider(provider));
        SERVICES.put("consumer", stack.startConsumer("consumer", Ports.anyFree(), consumer));
        SERVICES.put("portal", stack.startPortal(portal));
        SERVICES.values().forEach(Stack::ready);
        Documents.putSystem(platform, "hostile", 1, List.of("http://127.0.0.1:9"));
        Documents.putSingleTaskGroup(platform, "hostile", "hostile", Documents.defaults("PT10S"));
    }

    @AfterAll
    static void stop() throws IOException {
        stack.close();
    }

    // --- bodies

    private record Route(String service, String method, String path, String type) {}

    private static final List<Route> TAKING_JSON = List.of(
            new Route("platform", "POST", "/api/v1/triggers", EVENT),
            new Route("platform", "POST", "/api/v1/triggers", "application/cloudevents-batch+json"),
            new Route("platform", "PUT", "/api/v1/groups/odd", JSON),
            new Route("platform", "PUT", "/api/v1/systems/odd", JSON),
            new Route("platform", "PUT", "/api/v1/clients/odd", JSON),
            new Route("platform", "PUT", "/api/v1/destinations", JSON),
            new Route("platform", "POST", "/api/v1/groups/hostile/start", JSON),
            new Route("platform", "POST", "/api/v1/groups/hostile/pause", JSON),
            new Route("platform", "POST", "/api/v1/setup", JSON),
            new Route("platform", "POST", "/api/v1/task-runs/019aa000-0000-7000-8000-000000000001/callbacks", JSON),
            new Route("provider", "POST", "/datasets/runways/extracts", JSON),
            new Route("provider", "POST", "/events", JSON));

    private static Map<String, byte[]> oddJson() {
        var odd = new LinkedHashMap<String, byte[]>();
        odd.put("objects 1,000 deep", utf8("{\"a\":".repeat(1000) + "1" + "}".repeat(1000)));
        odd.put("arrays 1,000 deep", utf8("{\"data\":" + "[".repeat(1000) + "]".repeat(1000) + "}"));
        odd.put("arrays 100,000 deep, never closed", utf8("[".repeat(100_000)));
        odd.put("a number of 10,000 digits", utf8("{\"attempt\":" + "9".repeat(10_000) + "}"));
        odd.put("a number with a huge exponent", utf8("{\"attempt\":1e999999999,\"limit\":1E+999999999}"));
        odd.put("a text of 1 MiB", utf8("{\"reason\":\"" + "x".repeat(1024 * 1024) + "\"}"));
        odd.put("a name of 60,000 characters", utf8("{\"" + "n".repeat(60_000) + "\":1}"));
        odd.put("50,000 members", utf8(manyMembers()));
        odd.put("a member twice", utf8("{\"reason\":\"a\",\"reason\":\"b\"}"));
        odd.put("bytes that are no UTF-8", "{\"reason\":\"\u00ff\u00fe\u00c3\"}".getBytes(StandardCharsets.ISO_8859_1));
        odd.put("UTF-16 without saying so", "{\"reason\":5}".getBytes(StandardCharsets.UTF_16LE));
        odd.put("a half of a surrogate pair", utf8("{\"reason\":\"\\ud800\",\"id\":\"\\ud800\"}"));
        odd.put("a NUL in a text", utf8("{\"reason\":\"\\u0000\",\"system\":\"a\\u0000b\",\"id\":\"\\u0000\"}"));
        odd.put("a NUL between tokens", utf8("{\u0000\"reason\":\"x\"}"));
        odd.put("control characters in a text", utf8("{\"reason\":\"a\u0001\u001b[31m\"}"));
        odd.put("something behind its end", utf8("{} {}"));
        odd.put("a comment", utf8("/* x */ {}"));
        odd.put("NaN", utf8("{\"attempt\":NaN}"));
        odd.put("a polymorphic type", utf8("{\"@class\":\"java.lang.ProcessBuilder\",\"@type\":\"x\"}"));
        odd.put("a prototype", utf8("{\"__proto__\":{\"admin\":true},\"constructor\":{}}"));
        odd.put("an array", utf8("[1]"));
        odd.put("null", utf8("null"));
        odd.put("nothing", new byte[0]);
        return odd;
    }

    private static String manyMembers() {
        var text = new StringBuilder("{");
        for (int i = 0; i < 50_000; i++) {
            text.append(i == 0 ? "" : ",").append("\"m").append(i).append("\":1");
        }
        return text.append('}').toString();
    }

    @TestFactory
    Stream<DynamicTest> everyOddBodyIsRefusedOnEveryRoute() {
        return TAKING_JSON.stream()
                .flatMap(route -> oddJson().entrySet().stream()
                        .map(odd -> DynamicTest.dynamicTest(
                                route.method() + " " + route.path() + " " + route.type() + ": " + odd.getKey(), () -> {
                                    var answer = send(route, odd.getValue());
                                    refused(answer);
                                })));
    }

    @TestFactory
    Stream<DynamicTest> everyOddYamlDocumentIsRefused() {
        var odd = new LinkedHashMap<String, String>();
        var bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 12; i++) {
            bomb.append("a%d: &a%d [%s]\n".formatted(i, i, ("*a" + (i - 1) + ", ").repeat(9) + "*a" + (i - 1)));
        }
        odd.put("aliases of aliases", bomb.toString());
        odd.put("an alias of itself", "key: &a [*a]\n");
        odd.put("merged into itself", "key: &a {<<: *a}\n");
        odd.put("flow 1,000 deep", "key: " + "[".repeat(1000) + "]".repeat(1000));
        odd.put("flow 100,000 deep", "key: " + "[".repeat(100_000));
        odd.put("maps 1,000 deep", deepMaps());
        odd.put("a tag of a class", "key: !!javax.script.ScriptEngineManager [!!java.net.URLClassLoader [[]]]\n");
        odd.put("a document behind the first", "key: x\n---\nkey: y\n");
        odd.put("a member twice", "key: x\nkey: y\n");
        odd.put("a number of 10,000 digits", "maxActive: " + "9".repeat(10_000));
        odd.put("a control character", "key: \"a\u0007b\"\n");
        return odd.entrySet().stream()
                .map(document -> DynamicTest.dynamicTest(document.getKey(), () -> {
                    for (var path : List.of("/api/v1/groups/odd", "/api/v1/systems/odd")) {
                        refused(send(
                                new Route("platform", "PUT", path, "application/yaml"), utf8(document.getValue())));
                    }
                }));
    }

    private static String deepMaps() {
        var text = new StringBuilder();
        for (int i = 0; i < 1000; i++) {
            text.append(" ".repeat(i)).append("k:\n");
        }
        return text.toString();
    }

    @Test
    void formsOfTheTokenEndpointAreBounded() {
        var form = new Route("platform", "POST", "/oauth2/token", "application/x-www-form-urlencoded");
        for (var body : List.of(
                "grant_type=client_credentials" + "&a=b".repeat(10_000),
                "grant_type=" + "x".repeat(900_000),
                "grant_type=%00%ff%zz&scope=%0d%0aX",
                "=&=&=&&&&",
                "grant_type=client_credentials&scope=" + "%20admin".repeat(20_000))) {
            refused(send(form, utf8(body)));
        }
        refused(send(
                new Route("portal", "POST", "/sign-in", "application/x-www-form-urlencoded"),
                utf8("username=" + "u".repeat(200_000) + "&password=x")));
    }

    @Test
    void imagesAndMultipartAreTakenNowhere() {
        for (var route : TAKING_JSON) {
            for (var type : List.of("multipart/form-data; boundary=x", "image/svg+xml", "text/xml", "a/b; c=\"d")) {
                refused(send(new Route(route.service(), route.method(), route.path(), type), utf8("--x--")));
            }
        }
    }

    // --- paths, parameters, headers

    @TestFactory
    Stream<DynamicTest> everyOddPathAndParameterIsRefusedOrNotFound() {
        var many = "?" + "a=b&".repeat(10_000) + "limit=1";
        var odd = List.of(
                "/api/v1/runs/%00",
                "/api/v1/runs/%0d%0aSet-Cookie:%20a=b",
                "/api/v1/runs/..%2f..%2f..%2fetc%2fpasswd",
                "/api/v1/runs/%2e%2e/%2e%2e/etc/passwd",
                "/api/v1/runs/%252e%252e%252fetc",
                "/api/v1/groups/%ff%fe",
                "/api/v1/groups/%c0%ae%c0%ae",
                "/api/v1/groups/a;b=c/..;/x",
                "/api/v1/groups/$%7bjndi:ldap://127.0.0.1/x%7d",
                "/api/v1/groups/#%7b7*7%7d",
                "/api/v1/groups/%e2%80%ae%f0%9f%92%a9",
                "//api/v1/runs",
                "/api//v1/runs",
                "/api/v1/runs?limit=%00",
                "/api/v1/runs?limit=1&limit=2&limit=x",
                "/api/v1/runs?limit=99999999999999999999",
                "/api/v1/runs?cursor=" + "A".repeat(4000),
                "/api/v1/runs?cursor=%27%20or%201=1--",
                "/api/v1/runs?from=%2B1000000000-12-31T23:59:59Z",
                "/api/v1/runs?to=-1000000000-01-01T00:00:00Z",
                "/api/v1/runs?state=%00",
                "/api/v1/triggers?source=%00&id=%00",
                "/api/v1/audit?limit=-1",
                "/api/v1/runs" + many,
                "/datasets/%00",
                "/datasets/..%2f..%2fetc%2fpasswd",
                "/datasets/runways/rows/%00",
                "/datasets/runways/rows/%27%3bdrop%20table%20runways",
                "/datasets/runways/extracts/..%2f..",
                "/datasets/runways/extracts/x?wait=PT999999999999H",
                "/datasets/runways/extracts/x/files/..%2f..%2fx",
                "/datasets" + many,
                "/published/%00",
                "/published/..%2f..",
                "/published/x/files/..%2fmanifest.json",
                "/runs?state=%00",
                "/runs/%0d%0ax",
                "/sign-in?signedOut=%00",
                "/assets/..%2f..%2fapplication.yml",
                "/assets/%2e%2e/templates/runs.html",
                "/actuator/env",
                "/actuator/heapdump",
                "/h2-console",
                "/error",
                "/.git/config",
                "/v3/api-docs/../../actuator/env");
        return SERVICES.keySet().stream()
                .flatMap(service -> odd.stream()
                        .map(path -> DynamicTest.dynamicTest(
                                service + " " + (path.length() > 80 ? path.substring(0, 80) + "…" : path),
                                () -> harmless(exchange(service, get(service, path, Map.of()))))));
    }

    @TestFactory
    Stream<DynamicTest> everyOddHeaderIsRefusedOrIgnored() {
        var odd = new LinkedHashMap<String, String>();
        odd.put("If-Match", "\"" + "x".repeat(6000) + "\"");
        odd.put("If-None-Match", "\u0001\u0002");
        odd.put("Idempotency-Key", "\"\u00ff\u0007\"");
        odd.put("traceparent", "00-" + "0".repeat(5000));
        odd.put("Accept", "*/*;q=x,".repeat(200));
        odd.put("Accept-Language", "xx-".repeat(1000));
        odd.put("Content-Type", "a".repeat(3000));
        odd.put("Range", "bytes=" + "0-1,".repeat(1000));
        odd.put("Last-Event-ID", "%00");
        odd.put("Prefer", "wait=99999999999999999999");
        odd.put("Cookie", "syncline=" + "x".repeat(4000) + "; JSESSIONID=x");
        odd.put("X-Forwarded-For", "127.0.0.1, \"><script>");
        odd.put("X-HTTP-Method-Override", "DELETE");
        odd.put("Host", "evil.example.com");
        odd.put("X-Large", "x".repeat(40_000));
        return SERVICES.keySet().stream()
                .flatMap(service -> odd.entrySet().stream()
                        .map(header -> DynamicTest.dynamicTest(
                                service + " " + header.getKey(),
                                () -> harmless(exchange(
                                        service,
                                        get(service, "/api/v1/runs", Map.of(header.getKey(), header.getValue())))))));
    }

    @TestFactory
    Stream<DynamicTest> whatIsNoCleanHttpIsNotAnswered() {
        var odd = Map.of(
                "two lengths",
                "POST /oauth2/token HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcd",
                "length and chunks",
                "POST /oauth2/token HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "unknown transfer encoding",
                "POST /oauth2/token HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
                "no host",
                "GET / HTTP/1.1\r\n\r\n",
                "two hosts",
                "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
                "a bare line feed in a header",
                "GET / HTTP/1.1\r\nHost: x\r\nX: a\nGET /b HTTP/1.1\r\n\r\n",
                "TRACE",
                "TRACE / HTTP/1.1\r\nHost: x\r\nCookie: secret=1\r\nConnection: close\r\n\r\n",
                "a method of its own",
                "FROB / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
                "no HTTP",
                "\u0016\u0003\u0001\u0002\u0000\u0001\r\n\r\n",
                "a bad chunk",
                "POST /oauth2/token HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n");
        return SERVICES.keySet().stream()
                .flatMap(service -> odd.entrySet().stream()
                        .map(text -> DynamicTest.dynamicTest(service + " " + text.getKey(), () -> {
                            var answer = exchange(service, text.getValue().getBytes(StandardCharsets.ISO_8859_1));
                            // 501 is the server's word for a transfer encoding that it does not know (RFC 9112, 6.1)
                            assertThat(answer.status() == 501 ? 400 : answer.status())
                                    .isBetween(400, 499);
                            assertThat(answer.body()).doesNotContain("secret=1");
                            noInsides(answer);
                        })));
    }

    @Test
    void noAnswerTellsTheServersNameOrVersion() {
        for (var service : SERVICES.keySet()) {
            var answer = exchange(service, get(service, "/nowhere", Map.of()));
            assertThat(answer.head().toLowerCase(java.util.Locale.ROOT))
                    .doesNotContain("\r\nserver:", "x-powered-by", "x-application-context");
            assertThat(answer.head()).contains("X-Content-Type-Options: nosniff");
        }
    }

    /** Runs last by its nature: it looks at what all the others left, and sends once more what it looks for. */
    @Test
    void noRequestBeginsALineOfALog() throws IOException {
        var forged = "1999-12-31T00:00:00.000Z  INFO forged";
        for (var service : SERVICES.keySet()) {
            exchange(service, get(service, "/x%0d%0a" + forged.replace(" ", "%20"), Map.of("X", forged)));
            exchange(service, get(service, "/api/v1/runs/%1b%5b31m", Map.of("traceparent", "\u001b[31m" + forged)));
        }
        send(new Route("platform", "PUT", "/api/v1/systems/odd", JSON), utf8("{\"owner\":\"\\n" + forged + "\"}"));

        for (var service : SERVICES.values()) {
            var log = Files.readString(service.log());
            assertThat(log).doesNotContain("\n1999-12-31").doesNotContain("\u001b");
            assertThat(log.lines().filter(line -> line.contains("failed") && line.contains("ERROR")))
                    .as("an odd request was a failure of ours in %s", service.name())
                    .isEmpty();
        }
    }

    // --- sending and judging

    private record Got(int status, String head, String body) {

        boolean isProblem() {
            return head.contains("application/problem+json");
        }
    }

    /** A refusal by a problem document that is the caller's to correct. */
    private static void refused(Got answer) {
        harmless(answer);
        if (answer.status() == 200 && answer.body().contains("[{\"triggerId\"")) {
            // a batch is answered element by element
            assertThat(answer.body()).contains("MALFORMED").doesNotContain("ACCEPTED");
            return;
        }
        assertThat(answer.status()).as(answer.body()).isBetween(400, 499);
    }

    private static void harmless(Got answer) {
        assertThat(answer.status()).as(answer.body()).isBetween(200, 499);
        noInsides(answer);
    }

    private static void noInsides(Got answer) {
        assertThat(INSIDES.matcher(answer.body()).results().map(found -> found.group()))
                .as(answer.body())
                .isEmpty();
        assertThat(answer.head()).doesNotContain("Set-Cookie: a=b");
        if (answer.isProblem()) {
            assertThat(answer.body()).contains("\"traceId\"", "\"title\"", "\"status\"");
        }
    }

    private static Got send(Route route, byte[] body) {
        var head =
                "%s %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n%sContent-Type: %s\r\nContent-Length: %d\r\nIf-None-Match: *\r\n\r\n"
                        .formatted(route.method(), route.path(), token(route.service()), route.type(), body.length);
        var all = new ByteArrayOutputStream();
        all.writeBytes(utf8(head));
        all.writeBytes(body);
        return exchange(route.service(), all.toByteArray());
    }

    private static byte[] get(String service, String path, Map<String, String> headers) {
        var text = new StringBuilder("GET " + path + " HTTP/1.1\r\n");
        if (!headers.containsKey("Host")) {
            text.append("Host: localhost\r\n");
        }
        text.append("Connection: close\r\n").append(token(service));
        headers.forEach((name, content) ->
                text.append(name).append(": ").append(content).append("\r\n"));
        return text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String token(String service) {
        return service.equals("portal") ? "" : "Authorization: Bearer " + platform.token() + "\r\n";
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** One request over a connection of its own; the answer until the server closes it. */
    private static Got exchange(String service, byte[] request) {
        var address = URI.create(SERVICES.get(service).url());
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), address.getPort())) {
            socket.setSoTimeout(10_000);
            var writer = new Thread(() -> write(socket, request));
            writer.setDaemon(true);
            writer.start();
            return parsed(read(socket));
        } catch (IOException trouble) {
            throw new java.io.UncheckedIOException(trouble);
        }
    }

    private static void write(Socket socket, byte[] request) {
        try {
            socket.getOutputStream().write(request);
            socket.getOutputStream().flush();
        } catch (IOException answeredEarly) {
            // the server has said what it had to say
        }
    }

    private static byte[] read(Socket socket) throws IOException {
        var bytes = new ByteArrayOutputStream();
        var buffer = new byte[16 * 1024];
        try {
            for (int read = socket.getInputStream().read(buffer); read >= 0; ) {
                bytes.write(buffer, 0, read);
                read = socket.getInputStream().read(buffer);
            }
        } catch (SocketTimeoutException silent) {
            // a connection that is kept open; what came is the answer
        } catch (IOException reset) {
            if (bytes.size() == 0) {
                throw reset;
            }
        }
        return bytes.toByteArray();
    }

    private static Got parsed(byte[] answer) {
        var text = new String(answer, StandardCharsets.UTF_8);
        assertThat(text).as("the answer's first line").startsWith("HTTP/1.1 ");
        int end = text.indexOf("\r\n\r\n");
        var head = end < 0 ? text : text.substring(0, end);
        return new Got(Integer.parseInt(text.substring(9, 12)), head, end < 0 ? "" : text.substring(end + 4));
    }
}
