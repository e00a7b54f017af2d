package io.syncline.scheduler.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.scheduler.store.DatabaseClock;
import io.syncline.scheduler.store.JdbcTimes;
import io.syncline.scheduler.testing.RootClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The overview and the stream of events, over HTTP, against the whole platform on the embedded database. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.datasource.url=jdbc:h2:mem:firstpage;MODE=Oracle;DB_CLOSE_DELAY=-1",
            "syncline.bootstrap.client.id=root",
            "syncline.bootstrap.client.secret=" + RootClient.SECRET,
            "syncline.destinations.allow=http://127.0.0.1:*",
            "syncline.public-url=https://sync.example.com"
        })
class FirstPageApiIT {

    private static final JsonMapper JSON = new JsonMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    /** Nobody listens there, so its runs stay open. */
    private static final String SYSTEM = """
            {"apiVersion": "syncline/v1", "kind": "System", "key": "nowhere", "instances": ["http://127.0.0.1:1"]}
            """;

    private static final String GROUP = """
            {"apiVersion": "syncline/v1", "kind": "TaskGroup", "key": "plans", "freshness": "PT26H",
             "triggers": [{"source": "/billing", "type": "ready"}],
             "tasks": [{"key": "copy", "mode": "ASYNC", "system": "nowhere", "path": "/sync/plans"}]}
            """;

    @LocalServerPort
    private int port;

    @Autowired
    private JdbcClient jdbc;

    @Autowired
    private DatabaseClock clock;

    private String token = "";

    @BeforeEach
    void aGroupWithASystem() {
        token = token();
        put("/api/v1/systems/nowhere", SYSTEM);
        put("/api/v1/groups/plans", GROUP);
    }

    @Test
    void theOverviewShowsWhatFailedWhatRunsAndHowGroupsStand() {
        var running = start("today");
        var now = clock.now();
        jdbc.sql("""
                        insert into run (run_id, group_key, group_version, business_key, ordering_key, trigger_id, trigger_body,
                               state, inbox_place, version, created_at, started_at, ended_at, unresolved_since)
                        values ('failed-run', 'plans', 1, 'yesterday', 'yesterday', 't', '{}', 'FAILED', 1, 1, :then, :then,
                               :now, :now)
                        """)
                .param("then", JdbcTimes.toJdbc(now.minusSeconds(60)))
                .param("now", JdbcTimes.toJdbc(now))
                .update();
        jdbc.sql("""
                        insert into task_run (task_run_id, run_id, group_key, group_version, ordering_key, task_key, task_no,
                               system_key, state, attempt, round, fence, version, attempt_round, failed_calls,
                               unreadable_calls, unauthorized_calls, failed_reports, manual, cancel_state, created_at,
                               ended_at, cause, message)
                        values ('failed-task', 'failed-run', 'plans', 1, 'yesterday', 'copy', 0, 'nowhere', 'FAILED', 3, 1, 1,
                               0, 1, 0, 0, 0, 0, 0, 'NONE', :now, :now, 'REPORTED_FAILED', 'down for maintenance')
                        """).param("now", JdbcTimes.toJdbc(now)).update();
        jdbc.sql("""
                        insert into trigger_message (trigger_id, source, message_id, event_type, status, content_hash,
                               event_body, problem, client_id, transport, received_at)
                        values ('bad', '/erp', 'm1', 'ready', 'REJECTED', 'hash', '{}',
                               '{"title": "No group takes it", "detail": "Nobody waits for it."}', 'erp', 'REST', :now)
                        """).param("now", JdbcTimes.toJdbc(now)).update();

        var overview = json(get("/api/v1/overview"));

        var failed = overview.get("attention").get("failed").get(0);
        assertThat(failed.get("group").stringValue()).isEqualTo("plans");
        assertThat(failed.get("count").get("value").intValue()).isEqualTo(1);
        assertThat(failed.get("runId").stringValue()).isEqualTo("failed-run");
        assertThat(failed.get("cause").stringValue()).isEqualTo("REPORTED_FAILED");
        assertThat(failed.get("message").stringValue()).isEqualTo("down for maintenance");
        assertThat(failed.get("allowedActions"))
                .extracting(JsonNode::stringValue)
                .contains("rerun-failed");
        var rejected = overview.get("attention").get("rejected").get(0);
        assertThat(rejected.get("source").stringValue()).isEqualTo("/erp");
        assertThat(rejected.get("title").stringValue()).isEqualTo("No group takes it");
        assertThat(overview.get("running"))
                .extracting(run -> run.get("runId").stringValue())
                .contains(running);
        var group = overview.get("groups").get(0);
        assertThat(group.get("runs"))
                .extracting(run -> run.get("state").stringValue())
                .contains("FAILED", "RUNNING");
        assertThat(group.get("freshness").stringValue()).isEqualTo("PT26H");
        var listed = json(get("/api/v1/groups?recent=true")).at("/items/0");
        for (var member : new String[] {"runs", "freshness", "overTarget"}) {
            assertThat(listed.get("recent").get(member)).isEqualTo(group.get(member));
        }
        assertThat(json(get("/api/v1/groups")).at("/items/0").has("recent")).isFalse();
        assertThat(overview.get("cluster").get("nodesLive").intValue()).isEqualTo(1);
        var counts = json(get("/api/v1/overview/counts"));
        assertThat(counts).isEqualTo(overview.get("counts"));
        assertThat(counts.get("open").get("value").intValue()).isGreaterThanOrEqualTo(2);
        assertThat(counts.get("rejected").get("value").intValue()).isEqualTo(1);
    }

    @Test
    void howGroupsHaveDoneIsToldOfAllAndOfOneDayByDay() {
        put("/api/v1/groups/sums", GROUP.replace("plans", "sums").replace("/billing", "/sums"));
        var now = clock.now();
        var day = now.atZone(ZoneId.of("Asia/Tokyo")).toLocalDate().minusDays(1);
        var noon = day.atTime(12, 0).atZone(ZoneId.of("Asia/Tokyo")).toInstant();
        jdbc.sql("""
                        insert into run (run_id, group_key, group_version, ordering_key, trigger_id, trigger_body, state,
                               inbox_place, version, created_at, started_at, ended_at, late_since)
                        values ('late-sum', 'sums', 1, 'a', 't', '{}', 'COMPLETED', 1, 1, :noon, :noon, :later, :noon)
                        """)
                .param("noon", JdbcTimes.toJdbc(noon))
                .param("later", JdbcTimes.toJdbc(noon.plusSeconds(90)))
                .update();

        var all = json(get("/api/v1/sla"));
        var one = json(get("/api/v1/groups/sums/sla?zone=Asia/Tokyo&from=" + noon.minusSeconds(3600)));

        assertThat(all.get("groups")).anySatisfy(line -> {
            assertThat(line.get("group").stringValue()).isEqualTo("sums");
            assertThat(line.at("/totals/late").intValue()).isEqualTo(1);
            assertThat(line.at("/freshness/target").stringValue()).isEqualTo("PT26H");
        });
        assertThat(one.at("/totals/runs/value").intValue()).isEqualTo(1);
        assertThat(one.at("/totals/p95Millis").longValue()).isEqualTo(90_000);
        assertThat(one.at("/days/0/day").stringValue()).isEqualTo(day.toString());
        assertThat(one.at("/days/0/late").intValue()).isEqualTo(1);
        assertThat(one.get("days")).hasSize(2);
        assertThat(one.get("causes")).isEmpty();
        assertThat(one.at("/budget/objective").doubleValue()).isEqualTo(99);
        assertThat(one.at("/budget/missed").intValue()).isEqualTo(1);
        assertThat(one.get("tasks")).isEmpty();
        assertThat(get("/api/v1/groups/sums/sla?objective=120").statusCode()).isEqualTo(400);
        var week = json(get("/api/v1/runs/histogram?group=sums&within=P7D"));
        assertThat(week.get("step").stringValue()).isEqualTo("PT6H");
        assertThat(week.get("spans"))
                .filteredOn(span -> span.at("/runs/value").intValue() > 0)
                .singleElement()
                .satisfies(span ->
                        assertThat(span.at("/states/COMPLETED").intValue()).isEqualTo(1));
        assertThat(get("/api/v1/runs/histogram?state=DONE").statusCode()).isEqualTo(400);
        var grid = json(get("/api/v1/groups/sums/grid"));
        assertThat(grid.at("/runs/0/runId").stringValue()).isEqualTo("late-sum");
        assertThat(grid.get("tasks")).isEmpty();
        assertThat(get("/api/v1/groups/nothing/grid").statusCode()).isEqualTo(404);
        assertThat(get("/api/v1/groups/nothing/sla").statusCode()).isEqualTo(404);
        assertThat(get("/api/v1/groups/sums/sla?zone=Mars/Olympus").statusCode())
                .isEqualTo(400);
        assertThat(get("/api/v1/sla?from=2020-01-01T00:00:00Z").statusCode()).isEqualTo(400);
    }

    @Test
    void allSchedulesArePausedAndGoOnAndEveryPageCanTell() {
        var why = "{\"reason\": \"the data centre moves\"}";
        assertThat(post("/api/v1/schedule/resume", why).statusCode()).isEqualTo(409);
        assertThat(post("/api/v1/schedule/pause", "{}").statusCode()).isEqualTo(422);
        var dry = post("/api/v1/schedule/pause?dryRun=true", why);
        assertThat(json(dry).get("dryRun").booleanValue()).isTrue();
        assertThat(json(get("/api/v1/overview/counts")).has("schedulesPaused")).isFalse();

        var paused = post("/api/v1/schedule/pause", why);

        assertThat(paused.statusCode()).as(paused.body()).isEqualTo(200);
        assertThat(json(paused).at("/paused/by").stringValue()).isEqualTo("root");
        assertThat(json(paused).get("schedules").intValue()).isNotNegative();
        assertThat(json(get("/api/v1/overview/counts"))
                        .at("/schedulesPaused/reason")
                        .stringValue())
                .isEqualTo("the data centre moves");
        assertThat(json(get("/api/v1/schedule")).at("/allPaused/by").stringValue())
                .isEqualTo("root");
        var twice = post("/api/v1/schedule/pause", why);
        assertThat(twice.statusCode()).isEqualTo(409);
        assertThat(json(twice).at("/allowedActions/0").stringValue()).isEqualTo("resume");
        var resumed = post("/api/v1/schedule/resume", why);
        assertThat(json(resumed).at("/ended/by").stringValue()).isEqualTo("root");
        assertThat(json(get("/api/v1/schedule")).has("allPaused")).isFalse();
        assertThat(get("/api/v1/audit?limit=200").body()).contains("\"scheduling\"", "the data centre moves");
    }

    @Test
    void aListenerHearsOfARunThatSomebodyStarts() throws Exception {
        var stream = listen(null);
        assertThat(stream.statusCode()).isEqualTo(200);
        assertThat(stream.headers().firstValue("Content-Type").orElse("")).startsWith("text/event-stream");
        assertThat(stream.headers().firstValue("X-Accel-Buffering")).contains("no");
        assertThat(stream.headers().firstValue("Cache-Control")).contains("no-store");

        var runId = start("heard");

        assertThat(until(stream, "\"kind\":\"run\",\"id\":\"" + runId + "\"")).isTrue();
    }

    @Test
    void whoComesAgainHearsWhatHappenedMeanwhile() throws Exception {
        var before = position(clock);
        var runId = start("missed");

        assertThat(until(listen(before), "\"kind\":\"run\",\"id\":\"" + runId + "\""))
                .isTrue();
        assertThat(until(listen("1"), "event: reset")).isTrue();
    }

    @Test
    void theStreamTakesAToken() {
        var answer = send(request("/api/v1/events").GET());

        assertThat(answer.statusCode()).isEqualTo(401);
    }

    private static String position(DatabaseClock clock) {
        return Long.toString(ChronoUnit.MICROS.between(Instant.EPOCH, clock.now()));
    }

    private HttpResponse<Stream<String>> listen(@Nullable String lastId) throws IOException, InterruptedException {
        var request = request("/api/v1/events")
                .header("Authorization", "Bearer " + token)
                .GET();
        if (lastId != null) {
            request.header("Last-Event-ID", lastId);
        }
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofLines());
    }

    private static boolean until(HttpResponse<Stream<String>> stream, String text) throws Exception {
        try (var lines = stream.body()) {
            return CompletableFuture.supplyAsync(() -> lines.anyMatch(line -> line.contains(text)))
                    .get(30, TimeUnit.SECONDS);
        }
    }

    private String start(String businessKey) {
        var started = send(request("/api/v1/groups/plans/start")
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"reason\": \"by hand\", \"businessKey\": \"" + businessKey + "\"}")));
        assertThat(started.statusCode()).as(started.body()).isEqualTo(202);
        return json(started).get("runs").get(0).get("runId").stringValue();
    }

    private HttpResponse<String> post(String path, String body) {
        return send(request(path)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body)));
    }

    private HttpResponse<String> get(String path) {
        return send(request(path).header("Authorization", "Bearer " + token).GET());
    }

    private void put(String path, String document) {
        var answer = send(request(path)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .header("If-None-Match", "*")
                .PUT(BodyPublishers.ofString(document)));
        // 412: another test has put it already.
        assertThat(answer.statusCode()).as(answer.body()).isIn(201, 412);
    }

    private String token() {
        var basic = Base64.getEncoder().encodeToString(("root:" + RootClient.SECRET).getBytes(StandardCharsets.UTF_8));
        return json(send(request("/oauth2/token")
                        .header("Authorization", "Basic " + basic)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString("grant_type=client_credentials"))))
                .get("access_token")
                .stringValue();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(30));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode json(HttpResponse<String> answer) {
        return JSON.readTree(answer.body());
    }
}
