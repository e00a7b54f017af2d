package io.syncline.systemtests.bench;

import io.syncline.systemtests.api.PlatformApi;
import io.syncline.systemtests.api.PortalVisitor;
import io.syncline.systemtests.load.CountingPostgres;
import io.syncline.systemtests.load.DatabaseWork;
import io.syncline.systemtests.load.MeasuredPlatform;
import io.syncline.systemtests.process.Ports;
import io.syncline.systemtests.process.Project;
import io.syncline.systemtests.process.Service;
import io.syncline.systemtests.process.ServiceProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The portal's pages over a platform with a long past: each page is asked for through the portal's own process, one request at
 * a time as a person would, and timed to its last byte.
 */
final class PortalBench {

    private static final int RUNS = Bench.setting("SYNCLINE_BENCH_ROWS", 1_000_000);
    private static final int ROUNDS = Bench.setting("SYNCLINE_BENCH_ROUNDS", 100);
    private static final int WARM_UP = 30;
    private static final int GROUPS = 50;
    /** What stands in the place of a part whose service did not answer: it takes less time than the part. */
    private static final String TROUBLE = "class=\"notice failed\" role=\"alert\"";

    private static final String PERSON = "operator";
    private static final String PASSWORD = "violet-ferry-77-oxbow";
    private static final List<String> JVM = List.of("-Xms384m", "-Xmx384m");

    /** Ids as the platform makes them (UUID version 7), a run each 5 s, the last one now. */
    private static final String ID = "lpad(to_hex(%3$d - (%1$d - n)::bigint * 5000), 12, '0')";

    private static final String UUID_OF = "substr(" + ID + ", 1, 8) || '-' || substr(" + ID
            + ", 9, 4) || '-7000-8%2$s00-' || lpad(to_hex(n), 12, '0')";

    private final DatabaseWork database;
    private final long began = System.currentTimeMillis();

    private PortalBench(DatabaseWork database) {
        this.database = database;
    }

    static List<Map<String, Object>> run() throws IOException {
        var home = Files.createTempDirectory("syncline-portal");
        try (var postgres = new CountingPostgres();
                var measured = new MeasuredPlatform(postgres.database("syncline"), home)) {
            var node = measured.start(JVM, Map.of());
            var platform = measured.api();
            configure(platform);
            var bench = new PortalBench(measured.work());
            bench.fill();
            var portalSecret = platform.createClient("portal", null, List.of("runs:read"));
            var dataSecret = platform.createClient("portal-data", null, List.of("runs:read"));
            try (var provider = startData(Service.PROVIDER, "data-provider", postgres, platform, node, Map.of());
                    var consumer = startData(
                            Service.CONSUMER,
                            "data-consumer",
                            postgres,
                            platform,
                            node,
                            Map.of("syncline.consumer.provider-url", provider.url()));
                    var portal = startPortal(node, provider, consumer, portalSecret, dataSecret, home)) {
                for (var service : List.of(provider, consumer, portal)) {
                    service.awaitReady(Duration.ofMinutes(2));
                }
                return bench.measure(portal);
            }
        }
    }

    /** The page Data asks these two, each over tables of its own. */
    private static ServiceProcess startData(
            Service service,
            String client,
            CountingPostgres postgres,
            PlatformApi platform,
            ServiceProcess node,
            Map<String, String> more)
            throws IOException {
        var settings = new LinkedHashMap<>(more);
        settings.put("spring.datasource.url", postgres.database(service.name().toLowerCase(Locale.ROOT)));
        settings.put("spring.datasource.username", CountingPostgres.USER);
        settings.put("syncline.database.migrate", "true");
        settings.put("syncline.client.platform-url", node.url());
        settings.put("syncline.client.client-id", client);
        settings.put("syncline.client.system", client);
        var home = Files.createTempDirectory("syncline-" + client);
        settings.put("syncline.home", home.toString());
        return ServiceProcess.start(
                client,
                service.jar(Project.root()),
                Ports.anyFree(),
                JVM,
                settings,
                Map.of(
                        "SPRING_DATASOURCE_PASSWORD",
                        CountingPostgres.PASSWORD,
                        "SYNCLINE_CLIENT_CLIENT_SECRET",
                        platform.createClient(client, client, List.of("data:read"))),
                home);
    }

    private static ServiceProcess startPortal(
            ServiceProcess node,
            ServiceProcess provider,
            ServiceProcess consumer,
            String secret,
            String dataSecret,
            Path home)
            throws IOException {
        var jvm = new ArrayList<>(JVM);
        if (System.getenv("SYNCLINE_BENCH_RECORD") != null) {
            var folder = Files.createDirectories(Project.root().resolve("system-tests/target/bench"));
            jvm.add("-XX:FlightRecorderOptions=stackdepth=256");
            jvm.add("-XX:StartFlightRecording=settings=profile,dumponexit=true,filename="
                    + folder.resolve("portal.jfr"));
        }
        return ServiceProcess.start(
                "portal",
                Service.PORTAL.jar(Project.root()),
                Ports.anyFree(),
                jvm,
                Map.of(
                        "syncline.portal.platform-url", node.url(),
                        "syncline.portal.client-id", "portal",
                        "syncline.portal.data.provider-url", provider.url(),
                        "syncline.portal.data.consumer-url", consumer.url(),
                        "syncline.portal.data.client-id", "portal-data"),
                Map.of("SYNCLINE_PORTAL_CLIENT_SECRET", secret, "SYNCLINE_PORTAL_DATA_CLIENT_SECRET", dataSecret),
                home);
    }

    private static void configure(PlatformApi platform) {
        platform.put(
                "/api/v1/systems/crm",
                Map.of(
                        "apiVersion", "syncline/v1",
                        "kind", "System",
                        "key", "crm",
                        "instances", List.of("http://127.0.0.1:9")));
        for (int group = 0; group < GROUPS; group++) {
            platform.put(
                    "/api/v1/groups/group-" + group,
                    Map.of(
                            "apiVersion",
                            "syncline/v1",
                            "kind",
                            "TaskGroup",
                            "key",
                            "group-" + group,
                            "triggers",
                            List.of(Map.of("source", "/erp", "type", "group-" + group + ".ready")),
                            "schedule",
                            Map.of("cron", "0 30 3 * * ?"),
                            "freshness",
                            "PT26H",
                            "tasks",
                            List.of(
                                    Map.of("key", "extract", "system", "crm", "path", "/extract"),
                                    Map.of("key", "load", "system", "crm", "path", "/load"))));
        }
        platform.createPerson(PERSON, "Operator", List.of("admin", "editor", "operator"), List.of("*"), PASSWORD);
    }

    /** One run in 500 has failed and waits for somebody, one in 20,000 goes on. */
    private void fill() {
        long filling = System.nanoTime();
        var state = "case when n %% 500 = 0 then 'FAILED' when n %% 20000 = 1 then 'RUNNING' else 'COMPLETED' end"
                .replace("%%", "%");
        var at = "now() - (%d - n) * interval '5 seconds'".formatted(RUNS);
        var group = "'group-' || n % " + GROUPS;
        var rows = " from generate_series(1, " + RUNS + ") n";
        database.execute("""
                insert into trigger_message (trigger_id, source, message_id, event_type, subject, status, content_hash,
                       event_body, client_id, transport, received_at)
                select %s, '/erp', 'm' || n, %s || '.ready', 'day-' || n,
                       case when n %% 10000 = 0 then 'REJECTED' else 'ACCEPTED' end, md5(n::text),
                       '{"specversion":"1.0","source":"/erp","id":"m' || n || '","type":"ready"}', 'erp', 'REST', %s""".formatted(id('1'), group, at) + rows);
        database.execute("""
                insert into run (run_id, group_key, group_version, business_key, ordering_key, trigger_id, trigger_body, state,
                       inbox_place, version, created_at, started_at, ended_at, unresolved_since)
                select %s, %s, 1, 'day-' || n, 'day-' || n, %s, '{}', %s, 1, 1, %s, %s,
                       case when n %% 20000 <> 1 then %s + interval '3 seconds' end,
                       case when n %% 500 = 0 then %s end""".formatted(id('2'), group, id('1'), state, at, at, at, at) + rows);
        for (int task = 0; task < 2; task++) {
            database.execute("""
                    insert into task_run (task_run_id, run_id, group_key, group_version, ordering_key, task_key, task_no,
                           system_key, state, attempt, round, fence, version, attempt_round, failed_calls,
                           unreadable_calls, unauthorized_calls, failed_reports, manual, cancel_state, cause, message,
                           created_at, started_at, ended_at, overdue_since)
                    select %s, %s, %s, 1, 'day-' || n, '%s', %d, 'crm', %s, 1, 1, 1, 0, 1, 0, 0, 0, 0, 0, 'NONE',
                           case when n %% 500 = 0 then 'REPORTED_FAILED' end,
                           case when n %% 500 = 0 then 'CRM is down for maintenance' end, %s, %s,
                           case when n %% 20000 <> 1 then %s + interval '2 seconds' end,
                           case when n %% 20000 = 1 then now() end""".formatted(
                                    id((char) ('3' + task)),
                                    id('2'),
                                    group,
                                    task == 0 ? "extract" : "load",
                                    task,
                                    state,
                                    at,
                                    at,
                                    at)
                    + rows);
        }
        database.execute("""
                insert into journal (journal_id, run_id, to_state, cause, node_id, moved_at)
                select %s, %s, 'RUNNING', 'START', 'node-1', %s""".formatted(id('5'), id('2'), at) + rows);
        database.execute("vacuum analyze");
        System.out.printf(Locale.ROOT, "%d runs stored in %.0f s%n", RUNS, (System.nanoTime() - filling) / 1e9);
    }

    private String id(char kind) {
        return UUID_OF.formatted(RUNS, kind, began);
    }

    private List<Map<String, Object>> measure(ServiceProcess portal) {
        var visitor = new PortalVisitor(portal.url());
        var first = visitor.signIn(PERSON, PASSWORD);
        if (first.statusCode() != 200) {
            throw portal.failure("the sign-in answered " + first.statusCode());
        }
        var failed = database.text("select run_id from run where state = 'FAILED' order by created_at desc limit 1");
        var trigger = database.text("select trigger_id from trigger_message order by received_at desc limit 1");
        var middle = RUNS / 2;
        var pages = List.of(
                "/",
                "/badges",
                "/runs",
                "/runs?all=true",
                "/runs?all=true&group=group-7",
                "/runs?all=true&state=FAILED",
                "/runs?all=true&state=FAILED&unresolved=true&group=group-0",
                "/runs?all=true&businessKey=day-" + middle,
                "/runs?all=true&to="
                        + PortalVisitor.encoded(
                                database.text(
                                        "select to_char((now() - interval '30 days') at time zone 'UTC', 'YYYY-MM-DD HH24:MI')")),
                "/runs/" + failed,
                "/search?q=day-" + middle,
                "/triggers",
                "/triggers?status=REJECTED",
                "/triggers/" + trigger,
                "/groups",
                "/groups/group-7",
                "/systems",
                "/systems/crm",
                "/alerts",
                "/alerts/rules",
                "/delivery",
                "/schedule",
                "/data",
                "/sla",
                "/sla?group=group-7&range=30",
                "/audit",
                "/settings/users");
        System.out.printf("%-60s %8s %8s %8s %8s%n", "ms", "database", "p50", "p95", "max");
        var figures = new ArrayList<Map<String, Object>>();
        for (var page : pages) {
            times(visitor, page, WARM_UP);
            double before = databaseMillis();
            var times = times(visitor, page, ROUNDS);
            double inDatabase = (databaseMillis() - before) / ROUNDS;
            var name = page.replace(failed, "{failed run}").replace(trigger, "{trigger}");
            double p50 = times[(int) Math.ceil(ROUNDS * 0.5) - 1];
            double p95 = times[(int) Math.ceil(ROUNDS * 0.95) - 1];
            double max = times[ROUNDS - 1];
            figures.add(Map.of("page", name, "databaseMs", inDatabase, "p50Ms", p50, "p95Ms", p95, "maxMs", max));
            System.out.printf(Locale.ROOT, "%-60s %8.1f %8.1f %8.1f %8.1f%n", name, inDatabase, p50, p95, max);
        }
        return figures;
    }

    /** What the database has spent on statements so far. */
    private double databaseMillis() {
        return Double.parseDouble(database.text("select coalesce(sum(total_exec_time), 0) from pg_stat_statements"));
    }

    private static double[] times(PortalVisitor visitor, String page, int rounds) {
        var times = new double[rounds];
        for (int round = 0; round < rounds; round++) {
            long began = System.nanoTime();
            var answer = visitor.get(page);
            times[round] = (System.nanoTime() - began) / 1e6;
            if (answer.statusCode() != 200 || answer.uri().getPath().equals("/sign-in")) {
                throw new IllegalStateException(page + " answered " + answer.statusCode() + " at " + answer.uri());
            }
            if (answer.body().contains(TROUBLE)) {
                throw new IllegalStateException(page + " says that a part of it could not be asked for");
            }
        }
        Arrays.sort(times);
        return times;
    }
}
