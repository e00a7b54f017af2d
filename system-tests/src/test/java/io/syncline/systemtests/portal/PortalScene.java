package io.syncline.systemtests.portal;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.LoadState;
import io.syncline.systemtests.Documents;
import io.syncline.systemtests.RecordingDownstream;
import io.syncline.systemtests.RecordingDownstream.Call;
import io.syncline.systemtests.RecordingDownstream.Reply;
import io.syncline.systemtests.Stack;
import io.syncline.systemtests.Waiting;
import io.syncline.systemtests.api.PlatformApi;
import io.syncline.systemtests.process.ServiceProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** A platform and a portal with something of everything: runs in each state, alerts, a credential, people. */
final class PortalScene implements AutoCloseable {

    static final String PASSWORD = "violet-ferry-77-oxbow";
    static final String CRM = "crm";

    private static final Duration SOON = Duration.ofSeconds(30);

    private final Stack stack;
    private final RecordingDownstream crm = new RecordingDownstream(CRM);
    private final DataFakes data = new DataFakes();
    private final AtomicInteger events = new AtomicInteger();
    private ServiceProcess portal;
    private volatile boolean isDown = true;

    private PortalScene(Stack stack) {
        this.stack = stack;
    }

    /** A platform and a portal, two systems, and people of four roles. */
    static PortalScene on(Stack stack) {
        var scene = new PortalScene(stack);
        Stack.ready(stack.startNode());
        var secret = scene.platform().createClient("portal", null, List.of("runs:read"));
        var dataSecret = scene.platform().createClient("portal-data", null, List.of("runs:read"));
        scene.portal = stack.startPortal(
                secret,
                "syncline.portal.environment=TEST",
                "syncline.portal.data.provider-url=" + scene.data.providerUrl(),
                "syncline.portal.data.consumer-url=" + scene.data.consumerUrl(),
                "syncline.portal.data.client-id=portal-data",
                "syncline.portal.data.client-secret=" + dataSecret);
        scene.crm.answers(scene::answer);
        scene.crm.trust(stack.platformUrl());
        scene.people();
        scene.systems();
        Stack.ready(scene.portal);
        return scene;
    }

    static PortalScene onH2(Path home) {
        return on(Stack.onH2(home));
    }

    PlatformApi platform() {
        return stack.platform();
    }

    String url() {
        return portal.url();
    }

    /** Signs in and is at the first page. */
    Page signIn(BrowserContext browser, String person) {
        var page = browser.newPage();
        page.navigate(url() + "/sign-in");
        page.fill("#username", person);
        page.fill("#password", PASSWORD);
        page.click("form button");
        page.waitForURL(url() + "/");
        page.waitForLoadState(LoadState.DOMCONTENTLOADED);
        return page;
    }

    /** From here on the CRM works again. */
    void repair() {
        isDown = false;
    }

    /** Does something while the CRM is down. */
    synchronized <T> T failing(Supplier<T> something) {
        var before = isDown;
        isDown = true;
        try {
            return something.get();
        } finally {
            isDown = before;
        }
    }

    private void people() {
        platform().createPerson("ana", "Ana Ruiz", List.of("operator"), List.of("*"), PASSWORD);
        platform().createPerson("ed", "Ed Novak", List.of("editor"), List.of("*"), PASSWORD);
        platform().createPerson("bo", "Bo Lind", List.of("editor"), List.of("*"), PASSWORD);
        platform()
                .createPerson(
                        "ada", "Ada King", List.of("admin", "editor", "operator", "auditor"), List.of("*"), PASSWORD);
    }

    private void systems() {
        platform()
                .put(
                        "/api/v1/systems/" + CRM,
                        Map.of(
                                "apiVersion",
                                "syncline/v1",
                                "kind",
                                "System",
                                "key",
                                CRM,
                                "description",
                                "Customers and their plans",
                                "owner",
                                "sales",
                                "labels",
                                List.of("billing"),
                                "instances",
                                List.of(crm.url()),
                                "limits",
                                Map.of("concurrency", 8, "ratePerSecond", 100),
                                "credentials",
                                Map.of(
                                        "sync",
                                        Map.of(
                                                "type", "basic",
                                                "username", "syncline",
                                                "password", "first-of-its-kind-1"))));
        platform()
                .put(
                        "/api/v1/channels/team",
                        Map.of(
                                "apiVersion", "syncline/v1",
                                "kind", "Channel",
                                "key", "team",
                                "type", "slack",
                                "url", crm.url() + "/chat"));
    }

    /** A group that fails at the CRM until that is repaired, and the run that has failed. */
    String failedRun(String group) {
        putGroup(
                group,
                Map.of(
                        "description",
                        "Customers of the day",
                        "owner",
                        "sales",
                        "labels",
                        // Its own, so that its failures are an incident of their own.
                        List.of("billing", group),
                        "alerts",
                        List.of(Map.of("when", List.of("FAILED"), "channels", List.of("team")))),
                task("extract", "SYNC", "/sync/extract"),
                task("load", "SYNC", "/sync/load"),
                task("notify", "SYNC", "/sync/notify"));
        var run = start(group, "2026-11-20");
        Waiting.forEnd(platform(), run, SOON);
        return run;
    }

    /** Runs in every state, a rejected message, a silence, a calendar and a schedule. */
    void everything() {
        failedRun("customer-sync");
        putGroup("invoice-export", Map.of("labels", List.of("billing")), task("invoices", "SYNC", "/sync/invoices"));
        for (var day : List.of("2026-11-18", "2026-11-19", "2026-11-20")) {
            Waiting.forEnd(platform(), start("invoice-export", day), SOON);
        }
        var late = Map.<String, Object>of("overdueAfter", "PT1S");
        putGroup("price-feed", Map.of(), with(task("prices", "ASYNC", "/sync/prices"), late));
        start("price-feed", "2026-11-20");
        start("price-feed", "2026-11-20");
        putGroup("stock-sync", Map.of("whenActive", "SKIP"), task("stock", "ASYNC", "/sync/prices"));
        start("stock-sync", "noon");
        start("stock-sync", "noon");
        putGroup("refunds", Map.of(), task("refunds", "SYNC", "/sync/refunds"));
        Waiting.forEnd(platform(), start("refunds", "2026-11-20"), SOON);
        putGroup("hr-import", Map.of(), task("people", "ASYNC", "/sync/prices"));
        var cancelled = start("hr-import", "2026-11-20");
        platform()
                .post("/api/v1/runs/" + cancelled + "/actions/cancel", Map.of("reason", "the file was wrong"))
                .expect(200, 202);
        platform()
                .put(
                        "/api/v1/calendars/bank-holidays",
                        Map.of(
                                "apiVersion", "syncline/v1",
                                "kind", "Calendar",
                                "key", "bank-holidays",
                                "holidays", List.of("2026-12-24")));
        putGroup(
                "nightly",
                Map.of(
                        "schedule",
                        Map.of("cron", "0 30 * * * ?", "zone", "Europe/Berlin", "calendar", "bank-holidays"),
                        "freshness",
                        "PT26H",
                        "alerts",
                        List.of(Map.of("when", List.of("FAILED", "OVERDUE"), "channels", List.of("team")))),
                task("plans", "SYNC", "/sync/invoices"));
        platform().post("/api/v1/groups/nightly/pause", Map.of("reason", "until the move is over"));
        platform()
                .trigger(Documents.event("lost-1", "nobody.waits.for.this", "2026-11-20"))
                .expect(202, 404, 422);
        platform()
                .post(
                        "/api/v1/silences",
                        Map.of(
                                "matchers",
                                List.of(Map.of("of", "group", "equals", "price-feed")),
                                "until",
                                Instant.now()
                                        .plus(Duration.ofHours(4))
                                        .truncatedTo(ChronoUnit.SECONDS)
                                        .toString(),
                                "reason",
                                "the feed is being moved"))
                .expect(200, 201);
        platform().createClient("billing-upstream", null, List.of("triggers:write"));
    }

    private Reply answer(Call call) {
        return switch (call.path()) {
            case "/sync/load" ->
                isDown
                        ? json(
                                "{\"status\": \"FAILED\", \"message\": \"CRM is down for maintenance\", \"retryable\": false}")
                        : balanced(30_000, 30_000);
            case "/sync/prices" ->
                Reply.status(202)
                        .then(() -> crm.callBack(
                                call,
                                "\"sequence\": 1, \"status\": \"RUNNING\", \"message\": \"31 of 50 files\","
                                        + " \"progress\": {\"done\": 31, \"total\": 50, \"unit\": \"files\"}"));
            case "/sync/refunds" -> balanced(1_200, 1_188);
            case "/chat" -> Reply.status(200);
            default -> balanced(30_000, 30_000);
        };
    }

    private static Reply balanced(int expected, int actual) {
        return json(
                "{\"status\": \"COMPLETED\", \"message\": \"%d rows\", \"reconciliation\": {\"expectedRows\": %d, \"actualRows\": %d, \"missing\": %d, \"unexpected\": 0, \"different\": 0}, \"result\": {\"differences\": {\"missing\": [\"R-17\", \"R-18\"]}}}"
                        .formatted(actual, expected, actual, expected - actual));
    }

    private static Reply json(String body) {
        return new Reply(200, "application/json", body, Duration.ZERO, () -> {});
    }

    @SafeVarargs
    final void putGroup(String key, Map<String, Object> more, Map<String, Object>... tasks) {
        var document = new LinkedHashMap<String, Object>();
        document.put("apiVersion", "syncline/v1");
        document.put("kind", "TaskGroup");
        document.put("key", key);
        document.put("triggers", List.of(Map.of("source", Documents.SOURCE, "type", key + ".ready")));
        document.put("defaults", Documents.defaults("PT0.5S"));
        document.put("tasks", List.of(tasks));
        document.putAll(more);
        platform().put("/api/v1/groups/" + key, document);
    }

    static Map<String, Object> task(String key, String mode, String path) {
        return Map.of("key", key, "mode", mode, "system", CRM, "path", path);
    }

    private static Map<String, Object> with(Map<String, Object> task, Map<String, Object> more) {
        var both = new LinkedHashMap<>(task);
        both.putAll(more);
        return both;
    }

    String start(String group, String businessKey) {
        return platform()
                .trigger(Documents.event(group + "-" + events.incrementAndGet(), group + ".ready", businessKey))
                .expect(202)
                .json()
                .at("/runs/0/runId")
                .asString();
    }

    @Override
    public void close() throws IOException {
        crm.close();
        data.close();
        stack.close();
    }
}
