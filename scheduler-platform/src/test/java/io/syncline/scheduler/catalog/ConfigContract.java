package io.syncline.scheduler.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.syncline.scheduler.catalog.PlannedChange.Action;
import io.syncline.scheduler.security.Labels;
import io.syncline.scheduler.security.ProblemError;
import io.syncline.scheduler.security.ProblemException;
import io.syncline.scheduler.security.SecretBoxes;
import io.syncline.scheduler.store.SqlDialect;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What plans, applies and exports promise on every database. */
abstract class ConfigContract {

    private static final Editor OPERATOR = new Editor("operator", Labels.ALL, Editor.Means.PLAN, "release 7");
    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
    private static final String SOURCE = "https://git.example.com/sync@4f2c";

    private static final String SHOP = """
            apiVersion: syncline/v1
            kind: System
            key: shop
            labels: [team-a]
            instances: ["http://127.0.0.1:9"]
            """;

    private static final String DAILY = """
            apiVersion: syncline/v1
            kind: TaskGroup
            key: daily
            labels: [team-a]
            tasks:
              - {key: orders, system: shop, path: /sync/orders}
              - {key: stock, system: shop, path: /sync/stock, parameters: {warehouse: north}}
            """;

    abstract DataSource dataSource();

    private final List<Object> events = Collections.synchronizedList(new ArrayList<>());
    private final Set<String> groupsWithOpenRuns = new HashSet<>();
    private final Map<Integer, Long> openRuns = new HashMap<>();
    private JdbcClient jdbc;
    private TaskGroupCatalog groups;
    private SystemCatalog systems;
    private ManagedObjects managed;
    private ConfigPlans plans;
    private ConfigExport export;

    @BeforeEach
    void open() {
        jdbc = JdbcClient.create(dataSource());
        for (String table : List.of(
                "managed_object",
                "task_group_channel",
                "alert_channel_label",
                "alert_channel",
                "task_group_label",
                "sync_system_label",
                "sync_system_credential",
                "task_group_pause",
                "task_group_system",
                "task_group_rule",
                "task_group_calendar",
                "sync_calendar_label",
                "sync_calendar",
                "task_group_version",
                "task_group",
                "sync_system")) {
            jdbc.sql("delete from " + table).update();
        }
        var stored = new JdbcTaskGroups(jdbc, SqlDialect.of(dataSource()));
        var storedSystems = new JdbcSystems(jdbc);
        var transactions = new TransactionTemplate(new JdbcTransactionManager(dataSource()));
        var credentials = new SystemCredentials(new JdbcCredentials(jdbc), SecretBoxes.withNewKey(), transactions);
        var cached = new CachedSystems(storedSystems, credentials);
        FireTimes fireTimes = (schedule, calendar, after, count) -> java.util.stream.IntStream.rangeClosed(1, count)
                .mapToObj(n -> after.plusSeconds(60L * n))
                .toList();
        OpenRuns runs = new OpenRuns() {
            @Override
            public boolean any(String groupKey) {
                return groupsWithOpenRuns.contains(groupKey);
            }

            @Override
            public Map<Integer, Long> byVersion(String groupKey) {
                return openRuns;
            }
        };
        managed = new ManagedObjects(jdbc, events::add);
        systems = new SystemCatalog(
                storedSystems,
                stored,
                credentials,
                cached,
                one(url -> !url.getHost().equals("evil.example.com")),
                managed,
                () -> NOON,
                transactions,
                events::add);
        var calendars = new JdbcCalendars(jdbc);
        groups = new TaskGroupCatalog(
                stored,
                storedSystems,
                calendars,
                one(fireTimes),
                one(runs),
                one((group, mode, since) -> {}),
                managed,
                () -> NOON,
                transactions,
                events::add);
        var storedChannels = new JdbcChannels(jdbc);
        var channels = new ChannelCatalog(
                storedChannels,
                stored,
                new ChannelSecrets(storedChannels, SecretBoxes.withNewKey(), transactions),
                one(url -> true),
                managed,
                () -> NOON,
                transactions,
                events::add);
        List<DocumentKind> kinds = List.of(
                new ChannelKind(channels, storedChannels),
                new TaskGroupKind(groups, stored, one(runs)),
                new CalendarKind(
                        new CalendarCatalog(calendars, stored, managed, () -> NOON, transactions, events::add),
                        calendars),
                new SystemKind(systems, storedSystems));
        var schema = new DocumentSchema();
        plans = new ConfigPlans(kinds, schema, managed, () -> NOON, transactions, events::add);
        export = new ConfigExport(kinds, schema, transactions);
    }

    @Test
    void aGroupAndItsNewSystemArePlannedAndAppliedInWhateverOrderTheyStand() {
        ConfigPlan plan = plan(DAILY, SHOP);

        assertThat(plan.changes())
                .extracting(PlannedChange::kind, PlannedChange::key, PlannedChange::action, PlannedChange::place)
                .containsExactly(
                        tuple("System", "shop", Action.CREATE, 1), tuple("TaskGroup", "daily", Action.CREATE, 0));
        assertThat(groups.list(new PageRequest(50, null), Labels.ALL).items()).isEmpty();
        assertThat(plan(SHOP, DAILY).planHash()).isEqualTo(plan.planHash());

        events.clear();
        ConfigPlan applied = apply(plan.planHash(), SHOP, DAILY);

        assertThat(applied.planHash()).isEqualTo(plan.planHash());
        assertThat(applied.changes()).extracting(PlannedChange::newVersion).containsExactly(1, 1);
        assertThat(groups.get("daily", Labels.ALL).managed()).satisfies(mark -> {
            assertThat(mark.source()).isEqualTo(SOURCE);
            assertThat(mark.by()).isEqualTo("operator");
        });
        assertThat(systems.show(systems.get("shop", Labels.ALL))
                        .at("/status/managedBy")
                        .asString())
                .isEqualTo("files");
        assertThat(events).hasSize(3).last().isInstanceOf(ConfigApplied.class);
        assertThat(events.subList(0, 2))
                .allSatisfy(
                        event -> assertThat(((ConfigChanged) event).reason()).isEqualTo("release 7"));
        assertThat(plan(SHOP, DAILY).changes())
                .extracting(PlannedChange::action)
                .containsOnly(Action.UNCHANGED);
    }

    @Test
    void aPlanShowsEachFieldThatChangesAndRunsKeepTheirVersion() {
        applied(SHOP, DAILY);
        openRuns.put(1, 3L);

        PlannedChange change = plan(DAILY.replace("path: /sync/orders", "path: /sync/v2/orders")
                                .replace("warehouse: north", "warehouse: south")
                        + "  - {key: prices, system: shop, path: /sync/prices}\n"
                        + "schedule: {cron: \"0 0 3 * * ?\"}\n")
                .changes()
                .get(0);

        assertThat(change.action()).isEqualTo(Action.UPDATE);
        assertThat(change.version()).isEqualTo(1);
        assertThat(change.fields())
                .extracting(FieldChange::pointer, field -> String.valueOf(field.before()))
                .containsExactly(
                        tuple("/schedule", "null"),
                        tuple("/tasks/0/path", "\"/sync/orders\""),
                        tuple("/tasks/1/parameters/warehouse", "\"north\""),
                        tuple("/tasks/2", "null"));
        assertThat(change.warnings())
                .containsExactly(
                        "3 active runs keep version 1",
                        "schedule added: next fires 2026-11-20T12:01:00Z, 2026-11-20T12:02:00Z, "
                                + "2026-11-20T12:03:00Z, 2026-11-20T12:04:00Z, 2026-11-20T12:05:00Z");
    }

    @Test
    void everythingWrongWithAllDocumentsIsToldAtOnceAndNothingIsStored() {
        ProblemException problem = refused(() -> plan(
                "[]\n",
                "apiVersion: syncline/v1\nkind: Nothing\nkey: x\n",
                SHOP.replace("127.0.0.1", "evil.example.com"),
                DAILY.replace("path: /sync/orders", "path: orders") + "owenr: me\n",
                SHOP.replace("shop", "SHOP"),
                DAILY,
                DAILY.replace("key: daily", "key: other").replace("system: shop", "system: nobody")));

        assertThat(problem.status()).isEqualTo(422);
        assertThat(problem.errors())
                .extracting(ProblemError::pointer, ProblemError::code)
                .containsExactlyInAnyOrder(
                        tuple("/0", "wrong-type"),
                        tuple("/1/kind", "invalid-value"),
                        tuple("/2/instances/0", "destination-not-approved"),
                        tuple("/3/owenr", "unknown-member"),
                        tuple("/3/tasks/0/path", "invalid-value"),
                        tuple("/4/key", "invalid-value"),
                        tuple("/5/key", "duplicate"),
                        tuple("/6/tasks/0/system", "unknown-system"),
                        tuple("/6/tasks/1/system", "unknown-system"));
        assertThat(systems.list(new PageRequest(50, null), Labels.ALL).items()).isEmpty();
    }

    @Test
    void whatIsNotReadableIsToldSo() {
        assertThat(refused(() -> plan("a: [")).status()).isEqualTo(400);
        assertThat(refused(() -> plans.plan(request(DocumentFormat.JSON, "{} {}", false, List.of()), OPERATOR))
                        .status())
                .isEqualTo(400);
        ProblemException alias = refused(() -> plan(DAILY + "description: &a text\nowner: *a\n", SHOP));
        assertThat(alias.status()).isEqualTo(400);
        assertThat(alias.detail()).contains("'*a'");
        assertThat(refused(() -> plan("# nothing\n")).status()).isEqualTo(422);
    }

    @Test
    void anApplyIsAllOrNothingAndOnlyWhatWasPlanned() {
        ConfigPlan plan = plan(SHOP, DAILY);
        String other = DAILY.replace("/sync/stock", "/sync/v2/stock");

        assertThat(refused(() -> apply(plan.planHash(), SHOP, other)).type()).endsWith("/plan-stale");

        applied(SHOP);
        assertThat(refused(() -> apply(plan.planHash(), SHOP, DAILY)).status()).isEqualTo(412);
        assertThat(groups.list(new PageRequest(50, null), Labels.ALL).items()).isEmpty();

        groupsWithOpenRuns.add("daily");
        applied(SHOP, DAILY);
        int before = systems.get("shop", Labels.ALL).version();
        // the group cannot be deleted, therefore the system's change is undone as well
        ProblemException problem = refused(() -> plans.plan(
                request(DocumentFormat.YAML, SHOP + "description: new\n", true, List.of("team-a")), OPERATOR));
        assertThat(problem.errors()).singleElement().satisfies(error -> {
            assertThat(error.parameter()).isEqualTo("prune");
            assertThat(error.code()).isEqualTo("in-use");
        });
        assertThat(systems.get("shop", Labels.ALL).version()).isEqualTo(before);
    }

    @Test
    void ofTwoAppliesOfOnePlanOneIsStale() throws Exception {
        for (String files : List.of(SHOP + "---\n" + DAILY, SHOP + "description: new\n---\n" + DAILY + "owner: me\n")) {
            String hash = plan(files).planHash();
            var threads = Executors.newFixedThreadPool(2);
            try {
                List<Future<Integer>> answers = threads.invokeAll(
                        Collections.nCopies(2, () -> {
                            try {
                                apply(hash, files);
                                return 200;
                            } catch (ProblemException e) {
                                return e.status();
                            }
                        }),
                        20,
                        TimeUnit.SECONDS);
                assertThat(List.of(answers.get(0).get(), answers.get(1).get())).containsExactlyInAnyOrder(200, 412);
            } finally {
                threads.shutdownNow();
            }
        }
        assertThat(groups.get("daily", Labels.ALL).current().version()).isEqualTo(2);
    }

    @Test
    void nothingIsDeletedButWhatBearsTheLabelAndIsMissing() {
        applied(SHOP, DAILY, DAILY.replace("key: daily", "key: weekly"));
        applied(SHOP.replace("shop", "other").replace("team-a", "team-b"));

        assertThat(plan(SHOP).changes()).hasSize(1);
        var request = request(DocumentFormat.YAML, DAILY + "---\n" + SHOP, true, List.of("team-a"));
        ConfigPlan plan = plans.plan(request, OPERATOR);
        assertThat(plan.named(Action.DELETE)).containsExactly("TaskGroup/weekly");
        plans.apply(request, plan.planHash(), OPERATOR);
        assertThat(refused(() -> groups.get("weekly", Labels.ALL)).status()).isEqualTo(404);
        assertThat(managed.find("TaskGroup", "weekly")).isEmpty();

        var everything = request(DocumentFormat.YAML, "", true, List.of("team-a"));
        ConfigPlan all = plans.plan(everything, OPERATOR);
        assertThat(all.named(Action.DELETE)).containsExactly("System/shop", "TaskGroup/daily");
        plans.apply(everything, all.planHash(), OPERATOR);
        assertThat(systems.list(new PageRequest(50, null), Labels.ALL).items())
                .extracting(StoredVersion::key)
                .containsExactly("other");
    }

    @Test
    void aCredentialIsExchangedTogetherWithTheTasksThatNameIt() {
        String before = SHOP + "credentials: {old: {type: basic, username: u, password: first-secret}}\n";
        String after = SHOP + "credentials: {new: {type: basic, username: u, password: second-secret}}\n";
        String oldAuth =
                DAILY.replace("path: /sync/orders", "path: /sync/orders, auth: {type: basic, credential: old}");
        applied(before, oldAuth);

        assertThat(refused(() -> plan(after)).errors())
                .extracting(ProblemError::pointer, ProblemError::code)
                .containsExactly(tuple("/0", "in-use"));

        ConfigPlan plan = plan(oldAuth.replace("credential: old", "credential: new"), after);
        assertThat(plan.toString()).doesNotContain("first-secret").doesNotContain("second-secret");
        assertThat(plan.changes().get(0).fields())
                .extracting(FieldChange::pointer)
                .contains("/credentials/new/password");
        apply(plan.planHash(), oldAuth.replace("credential: old", "credential: new"), after);
        assertThat(events.toString()).doesNotContain("second-secret");
        assertThat(systems.read(systems.get("shop", Labels.ALL)).credentials()).containsOnlyKeys("new");
    }

    @Test
    void aChannelGoesWithTheGroupThatNamesItAndItsAddressIsNotShown() {
        String channel = """
                apiVersion: syncline/v1
                kind: Channel
                key: ops-chat
                labels: [team-a]
                type: slack
                url: https://hooks.example.com/services/very-secret
                """;
        String telling = DAILY + "alerts: [{when: [FAILED], channels: [ops-chat]}]\n";
        ConfigPlan plan = plan(telling, channel, SHOP);

        assertThat(plan.named(Action.CREATE)).containsExactly("Channel/ops-chat", "System/shop", "TaskGroup/daily");
        assertThat(plan.toString()).doesNotContain("very-secret");
        apply(plan.planHash(), telling, channel, SHOP);
        assertThat(exported()).contains("ops-chat").doesNotContain("very-secret");
        assertThat(plan(exported()).named(Action.UNCHANGED)).hasSize(3);
        var request = request(DocumentFormat.YAML, DAILY + "---\n" + SHOP, true, List.of("team-a"));
        ConfigPlan pruning = plans.plan(request, OPERATOR);
        assertThat(pruning.named(Action.DELETE)).containsExactly("Channel/ops-chat");
        plans.apply(request, pruning.planHash(), OPERATOR);
        assertThat(exported()).doesNotContain("ops-chat");
    }

    @Test
    void whatFilesManageIsNotChangedByHandUnlessItIsDetached() {
        applied(SHOP, DAILY);
        byte[] byHand = DAILY.replace("/sync/stock", "/sync/v9/stock").getBytes(StandardCharsets.UTF_8);
        Editor hand = new Editor("jo", Labels.ALL);
        Editor detaching = new Editor("jo", Labels.ALL, Editor.Means.DETACHING, null);

        ProblemException problem =
                refused(() -> groups.put("daily", DocumentFormat.YAML, byHand, Precondition.ofVersion(1), hand));
        assertThat(problem.type()).endsWith("/managed-by-files");
        assertThat(problem.detail()).contains(SOURCE);
        assertThat(refused(() -> groups.delete("daily", Precondition.ofVersion(1), hand))
                        .status())
                .isEqualTo(409);
        assertThat(refused(() -> systems.put(
                                "shop",
                                DocumentFormat.YAML,
                                SHOP.getBytes(StandardCharsets.UTF_8),
                                Precondition.ofVersion(1),
                                hand))
                        .status())
                .isEqualTo(409);
        assertThat(refused(() -> groups.put("daily", DocumentFormat.YAML, byHand, Precondition.ofVersion(7), hand))
                        .status())
                .isEqualTo(412);
        // pausing is operation, not configuration
        groups.pause("daily", "because", false, hand);

        events.clear();
        groups.put("daily", DocumentFormat.YAML, byHand, Precondition.ofVersion(1), detaching);
        assertThat(events).extracting(event -> ((ConfigChanged) event).action()).containsExactly("detach", "put");
        assertThat(groups.get("daily", Labels.ALL).managed()).isNull();
        groups.put("daily", DocumentFormat.YAML, byHand, Precondition.ofVersion(2), hand);

        assertThat(plan(DAILY).changes().get(0).warnings())
                .contains("managed by hand until now; files manage it from now on");
    }

    @Test
    void whatIsOutOfReachIsNeitherSeenNorChangedNorExported() {
        applied(SHOP.replace("labels: [team-a]\n", ""), DAILY);
        applied(DAILY.replace("key: daily", "key: theirs").replace("team-a", "team-b"));
        Editor teamA = new Editor("jo", Labels.of(List.of("team-a")), Editor.Means.PLAN, "why");

        ProblemException problem = refused(() -> plans.plan(
                request(
                        DocumentFormat.YAML,
                        DAILY.replace("key: daily", "key: theirs") + "---\n"
                                + SHOP.replace("labels: [team-a]\n", "description: mine\n"),
                        false,
                        List.of()),
                teamA));
        assertThat(problem.errors())
                .extracting(ProblemError::pointer, ProblemError::code)
                .containsExactlyInAnyOrder(tuple("/0", "key-taken"), tuple("/1", "forbidden"));
        assertThat(plans.plan(request(DocumentFormat.YAML, "", true, List.of("team-b")), teamA)
                        .changes())
                .isEmpty();
        assertThat(ConfigExport.yaml(export.documents(List.of(), List.of(), teamA.labels())))
                .contains("daily")
                .contains("shop")
                .doesNotContain("theirs");
    }

    @Test
    void whatFilesManageIsListedByKindAndKeyAsFarAsItMayBeRead() {
        String channel = """
                apiVersion: syncline/v1
                kind: Channel
                key: risk-chat
                labels: [team-b]
                type: slack
                url: https://hooks.example.com/services/very-secret
                """;
        applied(SHOP.replace("labels: [team-a]\n", ""), DAILY);
        applied(DAILY.replace("key: daily", "key: theirs").replace("team-a", "team-b"), channel);
        groups.put(
                "daily",
                DocumentFormat.YAML,
                DAILY.replace("/sync/stock", "/sync/v9/stock").getBytes(StandardCharsets.UTF_8),
                Precondition.ofVersion(1),
                new Editor("jo", Labels.ALL, Editor.Means.DETACHING, null));
        applied(DAILY.replace("key: daily", "key: weekly"));

        assertThat(managed.list(new PageRequest(50, null), Labels.ALL).items())
                .extracting(ManagedObjects.Named::kind, ManagedObjects.Named::key)
                .containsExactly(
                        tuple("Channel", "risk-chat"),
                        tuple("System", "shop"),
                        tuple("TaskGroup", "theirs"),
                        tuple("TaskGroup", "weekly"));
        assertThat(managed.list(new PageRequest(50, null), Labels.of(List.of("team-a")))
                        .items())
                .extracting(ManagedObjects.Named::key)
                .containsExactly("shop", "weekly");
        var first = managed.list(new PageRequest(3, null), Labels.ALL);
        var rest = managed.list(new PageRequest(3, first.nextCursor()), Labels.ALL);
        assertThat(rest.items()).singleElement().satisfies(last -> {
            assertThat(last.key()).isEqualTo("weekly");
            assertThat(last.managed().source()).isEqualTo(SOURCE);
        });
        assertThat(rest.nextCursor()).isNull();
        assertThat(refused(() -> managed.list(new PageRequest(3, "nonsense"), Labels.ALL))
                        .status())
                .isEqualTo(400);
    }

    @Test
    void whatAnEditorMayOnlyReadIsNotPutUnderTheManagementOfFiles() {
        String shared = SHOP.replace("labels: [team-a]\n", "");
        applied(shared, DAILY);
        jdbc.sql("delete from managed_object").update();
        Editor teamA = new Editor("jo", Labels.of(List.of("team-a")), Editor.Means.PLAN, "why");
        PlanRequest request = request(DocumentFormat.YAML, shared + "---\n" + DAILY, false, List.of());

        ConfigPlan plan = plans.plan(request, teamA);
        plans.apply(request, plan.planHash(), teamA);

        assertThat(plan.named(Action.UNCHANGED)).containsExactly("System/shop", "TaskGroup/daily");
        assertThat(plan.newlyManaged()).containsExactly("TaskGroup/daily");
        assertThat(managed.find("System", "shop")).isEmpty();
        assertThat(managed.find("TaskGroup", "daily")).isPresent();
        assertThat(plans.plan(request, teamA).newlyManaged()).isEmpty();
    }

    @Test
    void anExportSaysNoMoreThanItMustInTheOrderOfTheSchema() {
        applied("""
                routing: LEAST_BUSY
                limits: {ratePerSecond: 200.0, concurrency: 32}
                credentials: {z: {password: top-secret, username: u, type: basic}}
                instances: ["http://127.0.0.1:9"]
                description: null
                labels: []
                key: shop
                kind: System
                apiVersion: syncline/v1
                """, """
                tasks: [{path: /sync/only, system: shop, mode: SYNC, key: only, parameters: {b: 1, a: {d: null, c: 2}}}]
                defaults: {interval: PT30S, timeout: PT6H, retry: {maxAttempts: 3}}
                whenActive: QUEUE
                triggers: []
                key: a-group
                kind: TaskGroup
                apiVersion: syncline/v1
                """);

        assertThat(exported()).isEqualTo("""
                ---
                apiVersion: "syncline/v1"
                kind: "System"
                key: "shop"
                instances:
                - "http://127.0.0.1:9"
                routing: "LEAST_BUSY"
                limits:
                  ratePerSecond: 200
                credentials:
                  z:
                    type: "basic"
                    username: "u"
                ---
                apiVersion: "syncline/v1"
                kind: "TaskGroup"
                key: "a-group"
                defaults:
                  timeout: "PT6H"
                tasks:
                - key: "only"
                  system: "shop"
                  path: "/sync/only"
                  parameters:
                    a:
                      c: 2
                      d: null
                    b: 1
                """);
        assertThat(ConfigExport.yaml(export.documents(List.of("System"), List.of(), Labels.ALL)))
                .doesNotContain("TaskGroup");
        assertThat(export.documents(List.of(), List.of("team-a"), Labels.ALL)).isEmpty();
    }

    @Test
    void anExportIsThePlanOfNoChange() {
        for (long seed = 1; seed <= 25; seed++) {
            var random = new RandomDocuments(new Random(seed));
            var documents = new ArrayList<>(random.documents(seed));
            Collections.shuffle(documents, new Random(seed));
            String body = String.join("---\n", documents);
            ConfigPlan plan = plan(body);
            apply(plan.planHash(), body);

            String exported = exported();
            assertThat(plan(exported).changes())
                    .as("seed %d: %s", seed, exported)
                    .extracting(PlannedChange::action)
                    .containsOnly(Action.UNCHANGED);
            String asJson = ConfigExport.json(export.documents(List.of(), List.of(), Labels.ALL));
            assertThat(plans.plan(request(DocumentFormat.JSON, asJson, false, List.of()), OPERATOR)
                            .changes())
                    .extracting(PlannedChange::action)
                    .containsOnly(Action.UNCHANGED);
            assertThat(exported()).isEqualTo(exported);
        }
    }

    private String exported() {
        return ConfigExport.yaml(export.documents(List.of(), List.of(), Labels.ALL));
    }

    private void applied(String... documents) {
        apply(plan(documents).planHash(), documents);
    }

    private ConfigPlan plan(String... documents) {
        return plans.plan(request(DocumentFormat.YAML, String.join("---\n", documents), false, List.of()), OPERATOR);
    }

    private ConfigPlan apply(String planHash, String... documents) {
        return plans.apply(
                request(DocumentFormat.YAML, String.join("---\n", documents), false, List.of()), planHash, OPERATOR);
    }

    private static PlanRequest request(DocumentFormat format, String body, boolean prune, List<String> labels) {
        return new PlanRequest(format, body.getBytes(StandardCharsets.UTF_8), prune, labels, SOURCE);
    }

    private static ProblemException refused(Runnable move) {
        @Nullable ProblemException problem = null;
        try {
            move.run();
        } catch (ProblemException e) {
            problem = e;
        }
        assertThat(problem).as("a refusal").isNotNull();
        return problem;
    }

    private static <T> ObjectProvider<T> one(T bean) {
        return new ObjectProvider<>() {
            @Override
            public T getObject() {
                return bean;
            }

            @Override
            public java.util.Iterator<T> iterator() {
                return List.of(bean).iterator();
            }
        };
    }
}
