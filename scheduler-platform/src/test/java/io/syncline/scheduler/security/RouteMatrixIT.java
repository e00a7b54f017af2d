package io.syncline.scheduler.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.scheduler.catalog.AlertCondition;
import io.syncline.scheduler.catalog.AlertSignal;
import io.syncline.scheduler.catalog.AlertSignals;
import io.syncline.scheduler.testing.RootClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Walks every route as every kind of caller, against a group of its own and a foreign one, and compares what happens with the
 * table in the documentation. A new route without a row fails; so does one that forgets the labels.
 *
 * <p>Write the table anew with {@code -Dsyncline.route-matrix.write=true} and read the difference before you commit it.
 */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.datasource.url=jdbc:h2:mem:matrix;MODE=Oracle;DB_CLOSE_DELAY=-1",
            "syncline.bootstrap.client.id=root",
            "syncline.bootstrap.client.secret=" + RootClient.SECRET,
            "syncline.destinations.allow=http://127.0.0.1:1",
            "syncline.public-url=https://sync.example.com"
        })
class RouteMatrixIT {

    private static final Path TABLE = Path.of("..", "docs", "route-matrix.md");
    private static final String PASSWORD = "seven blue herons over Skye";
    private static final String NOWHERE = "00000000-0000-7000-8000-000000000000";
    private static final String IN = "in";
    private static final String CUT = "cut";
    private static final String LEAK = "LEAK";

    /** Roles that no labels limit. */
    private static final Set<Role> UNLIMITED = Set.of(Role.ADMIN, Role.AUDITOR);

    /** Everything foreign bears this in its name or stands below. */
    private static final String FOREIGN = "risk";

    private static final JsonMapper JSON = new JsonMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @LocalServerPort
    private int port;

    @Autowired
    private Routes routes;

    @Autowired
    private AlertSignals signals;

    @Autowired
    private CallbackTokens callbackTokens;

    @Autowired
    private io.syncline.scheduler.store.DatabaseClock clock;

    /** What stands for one label: its group, the system of it, and what came of a start. */
    private record Labelled(
            String group,
            String system,
            String run,
            String taskRun,
            String call,
            String trigger,
            String channel,
            String alert) {

        static final Labelled UNKNOWN =
                new Labelled("nothing", "nothing", NOWHERE, NOWHERE, NOWHERE, NOWHERE, "nothing", NOWHERE);

        List<String> names() {
            return List.of(group, system, run, taskRun, call, trigger, channel, alert);
        }
    }

    private record Way(String method, String pattern, Route.Access access) {

        /** Which of the labelled objects its path names; null: none. */
        @Nullable
        String object(Labelled labelled) {
            for (var prefix : Map.of(
                            "/api/v1/groups/{", labelled.group(),
                            "/api/v1/systems/{", labelled.system(),
                            "/api/v1/runs/{", labelled.run(),
                            "/api/v1/task-runs/{", labelled.taskRun(),
                            "/api/v1/triggers/{", labelled.trigger(),
                            "/api/v1/channels/{", labelled.channel(),
                            "/api/v1/alerts/{", labelled.alert())
                    .entrySet()) {
                if (pattern.startsWith(prefix.getKey())) {
                    return prefix.getValue();
                }
            }
            return null;
        }

        boolean isLabelled() {
            return object(Labelled.UNKNOWN) != null;
        }

        /** The first variable names the object, versions are 1, its credential is the walker, calls its own, tasks are copy, all else is unknown. */
        String path(Labelled labelled) {
            var object = object(labelled);
            var path = object == null ? pattern : pattern.replaceFirst("\\{[^}]*}", object);
            return path.replaceAll("\\{version[^}]*}", "1")
                    .replaceAll("\\{name}", "walker")
                    .replaceAll("\\{callId}", labelled.call())
                    .replaceAll("\\{task}", "copy")
                    .replaceAll("\\{[^}]*}", NOWHERE);
        }

        /** Whoever signs out is a stranger afterwards. */
        boolean endsTheSession() {
            return method.equals("DELETE") && pattern.equals("/api/v1/sessions/current");
        }
    }

    @Test
    void everyRouteAnswersEveryCallerAsTheTableSays() throws IOException {
        var root = machine("root", RootClient.SECRET);
        var portal = client("portal", "\"data:read\"", root);
        var own = labelled("billing", root);
        var foreign = labelled(FOREIGN, root);
        var machines = new TreeMap<String, String>();
        for (var scope : Scope.values()) {
            machines.put(
                    scope.text(), client("only-" + scope.text().replace(':', '-'), '"' + scope.text() + '"', root));
        }
        machines.put("the portal's client", portal);
        var limited = new LinkedHashMap<String, String>();
        var unlimited = new LinkedHashMap<String, String>();
        for (var role : Role.values()) {
            if (!UNLIMITED.contains(role)) {
                limited.put(role.text(), person(role, "billing", root, portal));
            }
            unlimited.put(role.text(), person(role, "*", root, portal));
        }
        var callback = callbackTokens.issue(own.taskRun(), 1, clock.now().plus(Duration.ofHours(1)));

        var rows = new ArrayList<String>();
        var lies = new ArrayList<String>();
        for (var way : ways()) {
            var row = new StringBuilder("| `" + way.method() + " " + way.pattern() + "` |");
            var isPublic = way.access() instanceof Route.Public;
            if (isPublic) {
                rows.add(row + " public | | | | | | |");
                continue;
            }
            assertThat(word(send(way, own, null), way)).as("nobody at %s", way).isEqualTo("401");
            for (var role : Role.values()) {
                row.append(' ')
                        .append(cell(way, limited.get(role.text()), unlimited.get(role.text()), own, foreign, lies))
                        .append(" |");
            }
            var letIn = new TreeSet<String>();
            machines.forEach((name, token) -> {
                var words = List.of(word(send(way, own, token), way), word(send(way, foreign, token), way));
                if (words.contains(IN)) {
                    letIn.add(name);
                } else if (words.contains("404") && name.equals(Scope.TRIGGERS_WRITE.text())) {
                    // A sender's look-up of messages that others have sent.
                    letIn.add(name + " (own alone)");
                }
                var refusal = way.access() instanceof Route.Webhook ? "401" : "403";
                var mayMiss = letIn.stream().anyMatch(known -> known.equals(name + " (own alone)"));
                if (!List.of(IN, mayMiss ? "404" : refusal).containsAll(words)
                        || !words.get(0).equals(words.get(1))) {
                    lies.add(way + " answers the machine " + name + " with " + words);
                }
            });
            if (way.access() instanceof Route.Webhook) {
                letIn.add("triggers:write, by signature");
            }
            row.append(' ').append(String.join(", ", letIn)).append(" | ");
            var atOwn = word(send(way, own, callback), way);
            var atForeign = word(send(way, foreign, callback), way);
            row.append(atOwn.equals(atForeign) ? atOwn : atOwn + " · " + atForeign)
                    .append(" |");
            rows.add(row.toString());
        }

        assertThat(lies).isEmpty();
        var table = document(rows);
        if (Boolean.getBoolean("syncline.route-matrix.write")) {
            Files.writeString(TABLE, table);
        }
        assertThat(table.lines())
                .as("docs/route-matrix.md; write it anew with -Dsyncline.route-matrix.write=true")
                .containsExactlyElementsOf(Files.readAllLines(TABLE));
        assertThat(table).doesNotContain(LEAK);
    }

    /** What a role gets: with a label at an object with this label, at a foreign one, and with all labels. */
    private String cell(
            Way way, @Nullable String limited, String unlimited, Labelled own, Labelled foreign, List<String> lies) {
        if (limited == null) {
            var atOwn = word(send(way, own, unlimited), way);
            var atForeign = way.isLabelled() ? word(send(way, foreign, unlimited), way) : atOwn;
            return atOwn.equals(atForeign) ? atOwn : atOwn + " · " + atForeign;
        }
        var ofOwn = send(way, own, limited);
        var atOwn = seen(word(ofOwn, way), ofOwn, foreign, way);
        if (!way.isLabelled()) {
            var ofAll = send(way, own, unlimited);
            var all = word(ofAll, way);
            var isCut = atOwn.equals(IN) && shows(ofAll, foreign) && shows(ofOwn, own);
            // A list that shows all labels more than one is cut; one that shows both the same must hold nothing
            // foreign.
            return all.equals(atOwn) ? (isCut ? CUT : all) : atOwn + " / " + all;
        }
        var ofForeign = send(way, foreign, limited);
        var atForeign = word(ofForeign, way);
        var ofUnknown = send(way, Labelled.UNKNOWN, limited);
        if (atForeign.equals("404") && !told(ofForeign, foreign).equals(told(ofUnknown, Labelled.UNKNOWN))) {
            lies.add(way + " tells a foreign object from an unknown one: " + ofForeign.body() + " " + ofUnknown.body());
        }
        if (ofForeign.statusCode() != ofUnknown.statusCode()) {
            lies.add(way + " answers " + ofForeign.statusCode() + " to a foreign object, " + ofUnknown.statusCode()
                    + " to an unknown one");
        }
        var all = word(send(way, foreign, unlimited), way);
        return atOwn.equals(atForeign) && atOwn.equals(all) ? all : atOwn + " · " + atForeign + " · " + all;
    }

    private static String seen(String word, HttpResponse<String> answer, Labelled foreign, Way way) {
        return word.equals(IN) && shows(answer, foreign) ? LEAK + " at " + way.pattern() : word;
    }

    private static boolean shows(HttpResponse<String> answer, Labelled labelled) {
        return answer.statusCode() < 300
                && labelled.names().stream().anyMatch(name -> answer.body().contains(name));
    }

    /** An answer without what differs by the object's name and the request. */
    private static String told(HttpResponse<String> answer, Labelled labelled) {
        var body = answer.body();
        for (var name : labelled.names()) {
            body = body.replace(name, "…");
        }
        if (!body.startsWith("{")) {
            return body;
        }
        var problem = (ObjectNode) JSON.readTree(body);
        problem.remove("traceId");
        return problem.toString();
    }

    /** Whether the caller was let in, whatever is then said of the request; 404 counts as in where no object is labelled. */
    private static String word(HttpResponse<String> answer, Way way) {
        return switch (answer.statusCode()) {
            case 401, 403 -> Integer.toString(answer.statusCode());
            case 412 -> way.isLabelled() ? "412" : IN;
            case 404 -> way.isLabelled() && !answer.body().contains("/no-such-path") ? "404" : IN;
            default -> {
                assertThat(answer.statusCode()).as("%s: %s", way, answer.body()).isLessThan(500);
                yield IN;
            }
        };
    }

    private List<Way> ways() {
        var ways = new ArrayList<Way>();
        for (var route : routes.all()) {
            var methods = new TreeSet<>(route.methods());
            for (var method : methods.isEmpty() ? List.of("GET") : List.copyOf(methods)) {
                var way = new Way(method, route.pattern().getPatternString(), route.access());
                // Several handlers may share a path and differ by media type.
                if (ways.stream()
                        .noneMatch(known ->
                                known.method().equals(method) && known.pattern().equals(way.pattern()))) {
                    ways.add(way);
                }
            }
        }
        ways.sort(Comparator.comparing(Way::endsTheSession)
                .thenComparing(Way::pattern)
                .thenComparing(Way::method));
        return ways;
    }

    private static String document(List<String> rows) {
        var inOrder = rows.stream()
                .sorted(Comparator.comparing(row -> row.replaceFirst("^\\| `(\\S+) (\\S+)`.*$", "$2 $1")))
                .toList();
        return """
                # Who may do what

                Every route, and what it answers whom. `RouteMatrixIT` walks it with real requests against a running platform and
                compares; a route without a row fails the build. It is written by the test, not by hand.

                `in`: the caller is let in, and only the request itself is judged then. `cut`: a list or view that shows what is
                within reach and nothing else. Where the path names a group, system, run, task run, message, channel or alert,
                roles are shown as
                *own · foreign · all*: a person with the label `billing` at an object with this label, the same person at an object
                with another label, and a person with all labels (`["*"]`) at any object; one word where they are the same, as always
                for auditors and administrators, whom no labels limit. Elsewhere `a / b` is a person with some labels / with all.

                A foreign object is answered with the same status and body as one that does not exist: 404, and 412 to a PUT of a
                version. Machines are limited by scope, and senders to their own messages; each of the scopes named is enough. The
                callback token is one of a task run, at its own and at another. Nobody gets anything but 401 without a token, public
                routes excepted.

                | route | viewer | operator | editor | auditor | admin | machines | callback token |
                |---|---|---|---|---|---|---|---|
                """ + String.join("\n", inOrder) + "\n";
    }

    // --- what is walked over

    private Labelled labelled(String label, String root) {
        var system = label + "-system";
        var group = label + "-group";
        made(send("PUT", "/api/v1/systems/" + system, root, """
                {"apiVersion": "syncline/v1", "kind": "System", "key": "%s", "labels": ["%s"], "instances": ["http://127.0.0.1:1"],
                 "credentials": {"walker": {"type": "basic", "username": "w", "password": "wanders-and-wanders"}}}
                """.formatted(system, label), "If-None-Match", "*"));
        made(send("PUT", "/api/v1/groups/" + group, root, """
                {"apiVersion": "syncline/v1", "kind": "TaskGroup", "key": "%s", "labels": ["%s"],
                 "schedule": {"cron": "0 30 2 * * ?", "zone": "Europe/Berlin"},
                 "tasks": [{"key": "copy", "mode": "ASYNC", "system": "%s", "path": "/copy"}]}
                """.formatted(group, label, system), "If-None-Match", "*"));
        var channel = label + "-channel";
        made(send("PUT", "/api/v1/channels/" + channel, root, """
                {"apiVersion": "syncline/v1", "kind": "Channel", "key": "%s", "labels": ["%s"], "type": "alertmanager",
                 "url": "http://127.0.0.1:1"}
                """.formatted(channel, label), "If-None-Match", "*"));
        var started = send("POST", "/api/v1/groups/" + group + "/start", root, "{\"reason\": \"to walk over\"}");
        assertThat(started.statusCode()).as(started.body()).isEqualTo(202);
        var run = json(started).get("runs").get(0).get("runId").stringValue();
        var calls = new java.util.concurrent.atomic.AtomicReference<>("");
        org.awaitility.Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> {
            calls.set(json(send("GET", "/api/v1/runs/" + run, root, null))
                    .at("/taskRuns/0/calls/0/callId")
                    .asString(""));
            return !calls.get().isEmpty();
        });
        var view = json(send("GET", "/api/v1/runs/" + run, root, null));
        return new Labelled(
                group,
                system,
                run,
                view.get("taskRuns").get(0).get("taskRunId").stringValue(),
                calls.get(),
                json(started).get("triggerId").stringValue(),
                channel,
                alert(group, root));
    }

    private String alert(String group, String root) {
        signals.raise(List.of(new AlertSignal(
                AlertCondition.FRESHNESS,
                AlertSignal.group(group),
                group,
                null,
                null,
                null,
                "no success",
                "to walk over",
                clock.now())));
        var found = new java.util.concurrent.atomic.AtomicReference<>("");
        org.awaitility.Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> {
            found.set(json(send("GET", "/api/v1/alerts?group=" + group, root, null))
                    .at("/items/0/alertId")
                    .asString(""));
            return !found.get().isEmpty();
        });
        return found.get();
    }

    private String client(String key, String scopes, String root) {
        var made = send("PUT", "/api/v1/clients/" + key, root, "{\"scopes\": [" + scopes + "]}", "If-None-Match", "*");
        made(made);
        return machine(key, json(made).get("clientSecret").stringValue());
    }

    private String machine(String id, String secret) {
        var basic = Base64.getEncoder().encodeToString((id + ":" + secret).getBytes(StandardCharsets.UTF_8));
        var answer = send(request("/oauth2/token")
                .header("Authorization", "Basic " + basic)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("grant_type=client_credentials")));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return json(answer).get("access_token").stringValue();
    }

    private String person(Role role, String label, String root, String portal) {
        var name = role.text() + (label.equals("*") ? "-all" : "-own");
        var made = send(
                "PUT",
                "/api/v1/users/" + name,
                root,
                "{\"name\": \"A Person\", \"roles\": [\"" + role.text() + "\"], \"labels\": [\"" + label + "\"]}",
                "If-None-Match",
                "*");
        made(made);
        var set = send(
                "POST",
                "/api/v1/users/" + name + "/password",
                null,
                "{\"code\": \"" + json(made).get("setUpCode").stringValue() + "\", \"password\": \"" + PASSWORD
                        + "\"}");
        assertThat(set.statusCode()).as(set.body()).isEqualTo(204);
        var opened = send(
                "POST",
                "/api/v1/sessions",
                portal,
                "{\"user\": \"" + name + "\", \"password\": \"" + PASSWORD
                        + "\", \"remoteAddress\": \"192.0.2.1\", \"userAgent\": \"Browser\"}");
        made(opened);
        return json(opened).get("accessToken").stringValue();
    }

    private static void made(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    }

    // --- sending

    /** Bodies are empty objects and deletions without a precondition, so that nobody changes what others are to find. */
    private HttpResponse<String> send(Way way, Labelled labelled, @Nullable String token) {
        var hasBody = way.method().equals("POST")
                || way.method().equals("PUT")
                || way.method().equals("PATCH");
        // What is known has version 1 and finds the body wanting; what is not known has none.
        return way.method().equals("PUT") && way.isLabelled()
                ? send(way.method(), way.path(labelled), token, "{}", "If-Match", "\"1\"")
                : send(way.method(), way.path(labelled), token, hasBody ? "{}" : null);
    }

    private HttpResponse<String> send(
            String method, String path, @Nullable String token, @Nullable String json, String... headers) {
        var request =
                request(path).method(method, json == null ? BodyPublishers.noBody() : BodyPublishers.ofString(json));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        if (json != null) {
            request.header("Content-Type", "application/json");
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        return send(request);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(20));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return HTTP.send(request.build(), RouteMatrixIT::body);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** A stream has no end; that it began is what counts here. It is left to itself, and ends with the node. */
    private static HttpResponse.BodySubscriber<String> body(HttpResponse.ResponseInfo info) {
        return info.headers()
                        .firstValue("Content-Type")
                        .filter(type -> type.startsWith("text/event-stream"))
                        .isPresent()
                ? new Unheard()
                : HttpResponse.BodySubscribers.ofString(StandardCharsets.UTF_8);
    }

    private static final class Unheard implements HttpResponse.BodySubscriber<String> {

        @Override
        public CompletionStage<String> getBody() {
            return CompletableFuture.completedFuture("");
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(List<ByteBuffer> ignored) {}

        @Override
        public void onError(Throwable ignored) {}

        @Override
        public void onComplete() {}
    }

    private static JsonNode json(HttpResponse<String> answer) {
        return JSON.readTree(answer.body());
    }
}
