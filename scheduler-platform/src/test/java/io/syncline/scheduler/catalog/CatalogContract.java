package io.syncline.scheduler.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.syncline.scheduler.security.Labels;
import io.syncline.scheduler.security.ProblemException;
import io.syncline.scheduler.security.SecretBoxes;
import io.syncline.scheduler.store.SqlDialect;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
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

/** What the catalogue promises on every database. */
abstract class CatalogContract {

    private static final Precondition NEW = new Precondition(null, "*");
    private static final Editor OPERATOR = new Editor("operator", Labels.ALL);
    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00.123456Z");

    abstract DataSource dataSource();

    private final List<ConfigChanged> changes = new ArrayList<>();
    private final List<String> released = new ArrayList<>();
    private final Set<String> groupsWithOpenRuns = new java.util.HashSet<>();
    private volatile Instant now = NOON;
    private JdbcTaskGroups stored;
    private JdbcSystems storedSystems;
    private TransactionTemplate transactions;
    private TaskGroupCatalog groups;
    private SystemCatalog systems;
    private JdbcCalendars storedCalendars;
    private CalendarCatalog calendars;
    private CachedSystems cached;
    private SystemCredentials credentials;

    @BeforeEach
    void open() {
        JdbcClient jdbc = JdbcClient.create(dataSource());
        for (String table : List.of(
                "managed_object",
                "task_group_calendar",
                "sync_calendar_label",
                "sync_calendar",
                "task_group_label",
                "sync_system_label",
                "sync_system_credential",
                "task_group_pause",
                "task_group_system",
                "task_group_rule",
                "task_group_version",
                "task_group",
                "sync_system")) {
            jdbc.sql("delete from " + table).update();
        }
        stored = new JdbcTaskGroups(jdbc, SqlDialect.of(dataSource()));
        storedSystems = new JdbcSystems(jdbc);
        transactions = new TransactionTemplate(new JdbcTransactionManager(dataSource()));
        credentials = new SystemCredentials(new JdbcCredentials(jdbc), SecretBoxes.withNewKey(), transactions);
        cached = new CachedSystems(storedSystems, credentials);
        var managed = new ManagedObjects(jdbc, event -> changes.add((ConfigChanged) event));
        systems = new SystemCatalog(
                storedSystems,
                stored,
                credentials,
                cached,
                one(url -> true),
                managed,
                () -> now,
                transactions,
                event -> changes.add((ConfigChanged) event));
        storedCalendars = new JdbcCalendars(jdbc);
        calendars = new CalendarCatalog(
                storedCalendars, stored, managed, () -> now, transactions, event -> changes.add((ConfigChanged) event));
        groups = new TaskGroupCatalog(
                stored,
                storedSystems,
                storedCalendars,
                one((schedule, calendar, after, count) -> List.of(after.plusSeconds(60))),
                one(groupsWithOpenRuns::contains),
                one((group, mode, since) -> released.add(group + " " + mode + " " + since)),
                managed,
                () -> now,
                transactions,
                event -> changes.add((ConfigChanged) event));
        putSystem("data-consumer");
        changes.clear();
    }

    @Test
    void aGroupIsCreatedOnceAndReadBackAsItWasPut() {
        Stored<GroupView> created = putGroup("daily", "", NEW);

        assertThat(created.created()).isTrue();
        assertThat(created.view().current().version()).isEqualTo(1);
        assertThat(created.view().current().createdAt()).isEqualTo(NOON);
        assertThat(groups.get("daily", Labels.ALL).current().document()).contains("\"key\":\"daily\"");
        assertThat(stored.current("daily")).get().satisfies(group -> {
            assertThat(group.version()).isEqualTo(1);
            assertThat(group.tasks()).singleElement();
        });
        assertThat(changes).singleElement().satisfies(change -> {
            assertThat(change.action()).isEqualTo("put");
            assertThat(change.kind()).isEqualTo("TaskGroup");
            assertThat(change.before()).isNull();
            assertThat(change.actor()).isEqualTo("operator");
        });
        assertThat(status(() -> putGroup("daily", "", NEW))).isEqualTo(412);
    }

    @Test
    void everyPutIsANewVersionAndRunsKeepTheirs() {
        putGroup("daily", "description: one\n", NEW);
        putGroup("daily", "description: two\n", match(1));
        Stored<GroupView> same = putGroup("daily", "description: two\n", match(2));
        putGroup("daily", "description: three\n", match(3));

        assertThat(same.view().current().version()).isEqualTo(3);
        assertThat(stored.version("daily", 1).description()).isEqualTo("one");
        assertThat(stored.version("daily", 4).description()).isEqualTo("three");
        Page<StoredVersion> first = groups.versions("daily", new PageRequest(2, null), Labels.ALL);
        Page<StoredVersion> second = groups.versions("daily", new PageRequest(2, first.nextCursor()), Labels.ALL);
        assertThat(first.items()).extracting(StoredVersion::version).containsExactly(4, 3);
        assertThat(second.items()).extracting(StoredVersion::version).containsExactly(2, 1);
        assertThat(second.nextCursor()).isNull();
        assertThat(groups.version("daily", 2, Labels.ALL).document()).contains("two");
        assertThat(status(() -> groups.version("daily", 9, Labels.ALL))).isEqualTo(404);
    }

    @Test
    void aWriterMustSayWhatItExpects() {
        putGroup("daily", "", NEW);

        assertThat(status(() -> putGroup("other", "", new Precondition(null, null))))
                .isEqualTo(428);
        assertThat(status(() -> putGroup("daily", "", new Precondition(null, null))))
                .isEqualTo(428);
        assertThat(status(() -> putGroup("daily", "", match(7)))).isEqualTo(412);
        assertThat(status(() -> putGroup("daily", "", new Precondition("W/\"1\"", null))))
                .isEqualTo(412);
        assertThat(status(() -> putGroup("other", "", match(1)))).isEqualTo(412);
        assertThat(status(() -> groups.delete("daily", new Precondition(null, null), OPERATOR)))
                .isEqualTo(428);
        assertThat(status(() -> groups.delete("daily", match(2), OPERATOR))).isEqualTo(412);
        assertThat(status(() -> groups.delete("nothing", match(2), OPERATOR))).isEqualTo(404);
    }

    @Test
    void whatIsWrongInTheBodyComesAfterThePrecondition() {
        putGroup("daily", "", NEW);

        assertThat(status(() -> putGroup("daily", "nonsense: 1\n", match(7)))).isEqualTo(412);
        ProblemException invalid = catchThrowableOfType(
                ProblemException.class, () -> putGroup("daily", "nonsense: 1\nstartBy: soon\n", match(1)));
        assertThat(invalid.status()).isEqualTo(422);
        assertThat(invalid.errors()).hasSize(2);
        assertThat(groups.get("daily", Labels.ALL).current().version()).isEqualTo(1);
    }

    @Test
    void matchingFindsTheCurrentRulesAtOnce() {
        putGroup("b-group", rules("/billing", "ready"), NEW);
        putGroup("a-group", rules("/billing", "ready"), NEW);
        putGroup("c-group", rules("/billing", "other"), NEW);

        assertThat(stored.matching("/billing", "ready"))
                .extracting(TaskGroup::key)
                .containsExactly("a-group", "b-group");
        putGroup("a-group", rules("/crm", "ready"), match(1));
        assertThat(stored.matching("/billing", "ready"))
                .extracting(TaskGroup::key)
                .containsExactly("b-group");
        assertThat(stored.matching("/crm", "ready")).singleElement().satisfies(group -> {
            assertThat(group.version()).isEqualTo(2);
            assertThat(group.rule("/crm", "ready")).isPresent();
        });
        groups.delete("b-group", match(1), OPERATOR);
        assertThat(stored.matching("/billing", "ready")).isEmpty();
    }

    @Test
    void aDeletedGroupKeepsItsVersionsAndCountsOnWhenItComesBack() {
        putGroup("daily", "description: one\n", NEW);
        groups.pause("daily", "maintenance", false, OPERATOR);
        groupsWithOpenRuns.add("daily");
        assertThat(status(() -> groups.delete("daily", match(1), OPERATOR))).isEqualTo(409);
        groupsWithOpenRuns.clear();

        groups.delete("daily", match(1), OPERATOR);

        assertThat(stored.current("daily")).isEmpty();
        assertThat(stored.pausedSince("daily")).isEmpty();
        assertThat(status(() -> groups.get("daily", Labels.ALL))).isEqualTo(404);
        assertThat(stored.version("daily", 1).description()).isEqualTo("one");
        assertThat(groups.versions("daily", new PageRequest(50, null), Labels.ALL)
                        .items())
                .hasSize(1);
        assertThat(status(() -> putGroup("daily", "", match(1)))).isEqualTo(412);
        assertThat(putGroup("daily", "", NEW).view().current().version()).isEqualTo(2);
    }

    @Test
    void aPauseStandsUntilItIsResumedAndThenHeldRunsAreLetGo() {
        putGroup("daily", "", NEW);

        assertThat(groups.pause("daily", "try", true, OPERATOR).reason()).isEqualTo("try");
        assertThat(stored.pausedSince("daily")).isEmpty();
        groups.pause("daily", "maintenance", false, OPERATOR);
        now = NOON.plusSeconds(60);
        Pause standing = groups.pause("daily", "again", false, new Editor("someone", Labels.ALL));

        assertThat(standing).isEqualTo(new Pause(NOON, "operator", "maintenance"));
        assertThat(stored.pausedSince("daily")).contains(NOON);
        assertThat(groups.get("daily", Labels.ALL).pause()).isEqualTo(standing);
        assertThat(groups.list(new PageRequest(50, null), Labels.ALL).items())
                .extracting(GroupView::pause)
                .containsExactly(standing);
        assertThat(groups.resume("daily", HeldMode.LATEST, "dry", true, OPERATOR))
                .contains(standing);
        assertThat(released).isEmpty();
        assertThat(groups.resume("daily", HeldMode.LATEST, "done", false, OPERATOR))
                .contains(standing);
        assertThat(released).containsExactly("daily LATEST " + NOON);
        assertThat(stored.pausedSince("daily")).isEmpty();
        assertThat(groups.resume("daily", HeldMode.ALL, "done", false, OPERATOR))
                .isEmpty();
        assertThat(released).hasSize(1);
        assertThat(changes).extracting(ConfigChanged::action).containsExactly("put", "pause", "resume");
        assertThat(status(() -> groups.pause("nothing", "why", false, OPERATOR)))
                .isEqualTo(404);
    }

    @Test
    void aResumeWaitsForATriggerThatHoldsThePause() throws Exception {
        putGroup("daily", "", NEW);
        groups.pause("daily", "maintenance", false, OPERATOR);
        CountDownLatch holding = new CountDownLatch(1);
        CountDownLatch letGo = new CountDownLatch(1);
        List<String> order = new java.util.concurrent.CopyOnWriteArrayList<>();
        var threads = Executors.newFixedThreadPool(2);
        try {
            Future<?> trigger = threads.submit(() -> transactions.executeWithoutResult(status -> {
                assertThat(stored.pausedSinceAndHold("daily")).contains(NOON);
                holding.countDown();
                awaitQuietly(letGo);
                order.add("trigger");
            }));
            assertThat(holding.await(10, TimeUnit.SECONDS)).isTrue();
            Future<?> resume = threads.submit(() -> {
                groups.resume("daily", HeldMode.ALL, "done", false, OPERATOR);
                order.add("resume");
            });
            assertThat(resume.isDone()).isFalse();
            letGo.countDown();
            trigger.get(10, TimeUnit.SECONDS);
            resume.get(10, TimeUnit.SECONDS);
        } finally {
            threads.shutdownNow();
        }

        assertThat(order).containsExactly("trigger", "resume");
        assertThat(released).hasSize(1);
    }

    @Test
    void ofManyCreatorsOneWinsAndTheOthersAreTold() throws Exception {
        var threads = Executors.newFixedThreadPool(4);
        List<Future<Integer>> outcomes = new ArrayList<>();
        try {
            for (int i = 0; i < 8; i++) {
                String description = "description: number " + i + "\n";
                outcomes.add(threads.submit(() -> {
                    try {
                        putGroup("daily", description, NEW);
                        return 201;
                    } catch (ProblemException e) {
                        return e.status();
                    }
                }));
            }
            List<Integer> statuses = new ArrayList<>();
            for (Future<Integer> outcome : outcomes) {
                statuses.add(outcome.get(20, TimeUnit.SECONDS));
            }

            assertThat(statuses).containsOnlyOnce(201);
            assertThat(statuses).containsOnly(201, 412);
            assertThat(groups.versions("daily", new PageRequest(50, null), Labels.ALL)
                            .items())
                    .hasSize(1);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void listsGoOnWhereTheLastPageEnded() {
        for (String key : List.of("e", "c", "a", "d", "b")) {
            putGroup(key, "", NEW);
        }

        Page<GroupView> first = groups.list(new PageRequest(2, null), Labels.ALL);
        putGroup("aa", "", NEW);
        Page<GroupView> second = groups.list(new PageRequest(2, first.nextCursor()), Labels.ALL);
        Page<GroupView> third = groups.list(new PageRequest(2, second.nextCursor()), Labels.ALL);

        assertThat(keys(first)).containsExactly("a", "b");
        assertThat(keys(second)).containsExactly("c", "d");
        assertThat(keys(third)).containsExactly("e");
        assertThat(third.nextCursor()).isNull();
        assertThat(status(() -> systems.list(new PageRequest(2, first.nextCursor()), Labels.ALL)))
                .isEqualTo(400);
        assertThat(status(() -> groups.list(new PageRequest(2, "rubbish"), Labels.ALL)))
                .isEqualTo(400);
        for (String limit : List.of("0", "201", "-1", "many", "")) {
            assertThat(status(() -> PageRequest.of(limit, null))).isEqualTo(400);
        }
    }

    @Test
    void aSystemCannotGoWhileAGroupNamesIt() {
        putGroup("daily", "", NEW);

        assertThat(status(() -> systems.delete("data-consumer", match(1), OPERATOR)))
                .isEqualTo(409);
        assertThat(status(() -> putSystem("data-consumer", "", match(1)))).isEqualTo(409);
        groups.delete("daily", match(1), OPERATOR);
        systems.delete("data-consumer", match(1), OPERATOR);

        assertThat(status(() -> systems.get("data-consumer", Labels.ALL))).isEqualTo(404);
        assertThat(cached.find("data-consumer")).isEmpty();
        assertThat(status(() -> putGroup("daily", "", NEW))).isEqualTo(422);
        assertThat(putSystem("data-consumer", "instances: ['http://127.0.0.1:9']\n", NEW)
                        .view()
                        .version())
                .isEqualTo(2);
    }

    @Test
    void noSourceIsWithoutOwnersBecauseTheFirstReadingIsStillUnderWay() throws Exception {
        putSystem("billing", "sources: [/billing]\n", NEW);
        var begun = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        var starting = new CachedSystems(
                new JdbcSystems(JdbcClient.create(dataSource())) {
                    @Override
                    List<Head> heads() {
                        begun.countDown();
                        try {
                            goOn.await(10, TimeUnit.SECONDS);
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                        return super.heads();
                    }
                },
                credentials);
        var readers = Executors.newFixedThreadPool(2);
        try {
            Future<Set<String>> first = readers.submit(() -> starting.ownersOf("/billing"));
            assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
            var asked = new CountDownLatch(1);
            Future<Set<String>> second = readers.submit(() -> {
                asked.countDown();
                return starting.ownersOf("/billing");
            });
            assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
            goOn.countDown();

            assertThat(second.get(10, TimeUnit.SECONDS)).containsExactly("billing");
            assertThat(first.get(10, TimeUnit.SECONDS)).containsExactly("billing");
        } finally {
            readers.shutdownNow();
        }
    }

    @Test
    void aChangedSystemIsSeenAtOnceOnTheNodeThatChangedIt() {
        assertThat(cached.find("data-consumer"))
                .get()
                .satisfies(system -> assertThat(system.concurrency()).isEqualTo(32));

        putSystem("data-consumer", "instances: ['http://127.0.0.1:9']\nlimits: {concurrency: 8}\n", match(1));
        putSystem("billing", "sources: [/billing]\n", NEW);

        assertThat(cached.find("data-consumer"))
                .get()
                .satisfies(system -> assertThat(system.concurrency()).isEqualTo(8));
        assertThat(cached.ownersOf("/billing")).containsExactly("billing");
        assertThat(cached.ownersOf("/crm")).isEmpty();
        assertThat(cached.all()).extracting(SyncSystem::key).containsExactly("billing", "data-consumer");
    }

    @Test
    void aCalendarIsKeptWithItsVersionsAndChangesAreTold() {
        var created = putCalendar("bank-holidays", "holidays: ['2026-12-25']\nyearly: ['01-01']\n", NEW);
        assertThat(created.created()).isTrue();
        var same = putCalendar("bank-holidays", "holidays: ['2026-12-25']\nyearly: ['01-01']\n", match(1));
        assertThat(same.view().version()).isEqualTo(1);
        putCalendar("bank-holidays", "weekends: [SATURDAY, SUNDAY]\nzone: Europe/Warsaw\n", match(1));

        assertThat(status(() -> putCalendar("bank-holidays", "", match(1)))).isEqualTo(412);
        assertThat(storedCalendars.current("bank-holidays")).get().satisfies(calendar -> {
            assertThat(calendar.version()).isEqualTo(2);
            assertThat(calendar.weekends()).hasSize(2);
            assertThat(calendar.holidays()).isEmpty();
        });
        assertThat(changes).extracting(ConfigChanged::kind).containsExactly("Calendar", "Calendar");
        assertThat(calendars.list(PageRequest.of(null, null), Labels.ALL).items())
                .extracting(StoredVersion::key)
                .containsExactly("bank-holidays");
    }

    @Test
    void allThatIsWrongWithACalendarIsTold() {
        var problem = catchThrowableOfType(
                ProblemException.class,
                () -> putCalendar(
                        "bank-holidays",
                        "holidays: ['2026-13-01', '2026-12-25']\nyearly: ['02-30']\nzone: Mars\n"
                                + "weekends: [Sunday]\ndays: []\n",
                        NEW));

        assertThat(problem.body().toString())
                .contains("/holidays/0", "/yearly/0", "/zone", "/weekends/0", "/days")
                .doesNotContain("/holidays/1");
    }

    @Test
    void aGroupNamesACalendarThatIsThereAndKeepsItFromBeingDeleted() {
        var schedule = "schedule: {cron: \"0 0 1 * * ?\", calendar: bank-holidays}\n";
        assertThat(status(() -> putGroup("by-time", schedule, NEW))).isEqualTo(422);
        putCalendar("bank-holidays", "", NEW);
        putGroup("by-time", schedule, NEW);

        assertThat(status(() -> calendars.delete("bank-holidays", match(1), OPERATOR)))
                .isEqualTo(409);
        putGroup("by-time", "schedule: {cron: \"0 0 1 * * ?\"}\n", match(1));
        calendars.delete("bank-holidays", match(1), OPERATOR);

        assertThat(storedCalendars.current("bank-holidays")).isEmpty();
        assertThat(status(() -> calendars.get("bank-holidays", Labels.ALL))).isEqualTo(404);
        assertThat(putCalendar("bank-holidays", "", NEW).view().version()).isEqualTo(2);
    }

    @Test
    void aCalendarOfOthersIsNotThereAndASharedOneIsChangedByWhoReachesAll() {
        putCalendar("of-billing", "labels: [billing]\n", NEW);
        putCalendar("shared", "", NEW);

        assertThat(calendars.list(PageRequest.of(null, null), RISK.labels()).items())
                .extracting(StoredVersion::key)
                .containsExactly("shared");
        assertThat(status(() -> calendars.get("of-billing", RISK.labels()))).isEqualTo(404);
        assertThat(status(() -> calendars.delete("shared", match(1), RISK))).isEqualTo(403);
        assertThat(status(() -> calendars.delete("of-billing", match(1), RISK))).isEqualTo(404);
    }

    @Test
    void timesKeepTheirMicroseconds() {
        putGroup("daily", "", NEW);

        assertThat(groups.get("daily", Labels.ALL).current().createdAt())
                .isEqualTo(NOON.truncatedTo(ChronoUnit.MICROS));
    }

    // --- labels

    private static final Editor BILLING = new Editor("bea", Labels.of(List.of("billing", "bills")));
    private static final Editor RISK = new Editor("rik", Labels.of(List.of("risk")));

    @Test
    void anEditorReachesGroupsThatShareALabelAndNoOthers() {
        putGroup("bills", "labels: [billing, risk]\n", NEW);
        putGroup("scores", "labels: [risk]\n", NEW);
        putGroup("platform", "", NEW);

        assertThat(keys(groups.list(new PageRequest(50, null), BILLING.labels())))
                .containsExactly("bills");
        assertThat(keys(groups.list(new PageRequest(50, null), RISK.labels()))).containsExactly("bills", "scores");
        assertThat(groups.list(new PageRequest(50, null), Labels.of(List.of())).items())
                .isEmpty();
        assertThat(groups.get("bills", BILLING.labels()).current().key()).isEqualTo("bills");
        for (var foreign : List.of("scores", "platform", "nothing")) {
            var unknown = "There is no task group '" + foreign + "'.";
            assertThat(problem(() -> groups.get(foreign, BILLING.labels())).detail())
                    .isEqualTo(unknown);
            assertThat(problem(() -> groups.versions(foreign, new PageRequest(50, null), BILLING.labels()))
                            .detail())
                    .isEqualTo(unknown);
            assertThat(problem(() -> groups.version(foreign, 1, BILLING.labels()))
                            .detail())
                    .isEqualTo(unknown);
            assertThat(problem(() -> groups.delete(foreign, match(1), BILLING)).detail())
                    .isEqualTo(unknown);
            assertThat(problem(() -> groups.pause(foreign, "why", false, BILLING))
                            .detail())
                    .isEqualTo(unknown);
            assertThat(problem(() -> groups.resume(foreign, HeldMode.ALL, "why", false, BILLING))
                            .detail())
                    .isEqualTo(unknown);
        }
    }

    @Test
    void pagesWithinReachAreFullAndMissNothing() {
        for (int i = 0; i < 7; i++) {
            putGroup("g" + i, "labels: [" + (i % 2 == 0 ? "billing" : "risk") + "]\n", NEW);
        }

        var first = groups.list(new PageRequest(2, null), BILLING.labels());
        var second = groups.list(new PageRequest(2, first.nextCursor()), BILLING.labels());

        assertThat(keys(first)).containsExactly("g0", "g2");
        assertThat(keys(second)).containsExactly("g4", "g6");
        assertThat(second.nextCursor()).isNull();
    }

    @Test
    void theCurrentVersionsLabelsCountAndADeletedGroupKeepsItsLast() {
        putGroup("daily", "labels: [risk]\n", NEW);
        putGroup("daily", "labels: [billing]\n", match(1));
        assertThat(stored.withinReach(RISK.labels(), List.of("daily"))).isEmpty();

        groups.delete("daily", match(2), BILLING);

        assertThat(stored.withinReach(BILLING.labels(), List.of("daily"))).containsExactly("daily");
        assertThat(groups.versions("daily", new PageRequest(50, null), BILLING.labels())
                        .items())
                .hasSize(2);
        assertThat(status(() -> putGroup("daily", "labels: [risk]\n", NEW, RISK)))
                .as("its runs and versions would be taken over")
                .isEqualTo(409);
    }

    @Test
    void aForeignKeyLooksFreeUntilItIsTaken() {
        putGroup("scores", "labels: [risk]\n", NEW);

        var changed = problem(() -> putGroup("scores", "labels: [billing]\n", match(1), BILLING));
        var made = problem(() -> putGroup("scores", "labels: [billing]\n", NEW, BILLING));

        assertThat(changed.status()).isEqualTo(412);
        assertThat(changed.body())
                .isEqualTo(problem(() -> putGroup("nothing", "labels: [billing]\n", match(1), BILLING))
                        .body());
        assertThat(made.type()).endsWith("/key-taken");
        assertThat(groups.get("scores", Labels.ALL).current().version()).isEqualTo(1);
    }

    @Test
    void anEditorAddsAndTakesAwayOwnLabelsAlone() {
        putGroup("both", "labels: [billing, risk]\n", NEW);

        assertThat(errors(() -> putGroup("new", "labels: [billing, risk]\n", NEW, BILLING)))
                .containsExactly("/labels/1 foreign-label");
        assertThat(errors(() -> putGroup("new", "", NEW, BILLING))).containsExactly("/labels foreign-label");
        assertThat(errors(() -> putGroup("both", "labels: [billing]\n", match(1), BILLING)))
                .containsExactly("/labels foreign-label");
        assertThat(errors(() -> putGroup("both", "labels: [risk]\n", match(1), BILLING)))
                .containsExactly("/labels foreign-label");
        assertThat(errors(() -> putGroup("both", "labels: [risk, bills, other]\n", match(1), BILLING)))
                .containsExactly("/labels/2 foreign-label");
        assertThat(putGroup("both", "labels: [risk, bills]\n", match(1), BILLING)
                        .view()
                        .current()
                        .version())
                .isEqualTo(2);
    }

    @Test
    void aSystemWithoutLabelsIsSharedAndOneOutOfReachIsUnknown() {
        putSystem("risky", "labels: [risk]\ninstances: ['http://127.0.0.1:9']\n", NEW);
        putSystem("biller", "labels: [billing]\ninstances: ['http://127.0.0.1:9']\n", NEW);

        assertThat(systems.list(new PageRequest(50, null), BILLING.labels()).items())
                .extracting(StoredVersion::key)
                .containsExactly("biller", "data-consumer");
        assertThat(systems.get("data-consumer", BILLING.labels()).version()).isEqualTo(1);
        assertThat(problem(() -> systems.get("risky", BILLING.labels())).detail())
                .isEqualTo("There is no system 'risky'.");
        assertThat(problem(() -> systems.delete("risky", match(1), BILLING)).detail())
                .isEqualTo("There is no system 'risky'.");
        var named = problem(() -> groups.put(
                "new",
                DocumentFormat.YAML,
                ("{apiVersion: syncline/v1, kind: TaskGroup, key: new, labels: [billing], "
                                + "tasks: [{key: a, system: risky, path: /a}, {key: b, system: data-consumer, path: /b}]}")
                        .getBytes(StandardCharsets.UTF_8),
                NEW,
                BILLING));
        assertThat(named.errors()).singleElement().satisfies(error -> {
            assertThat(error.pointer()).isEqualTo("/tasks/0/system");
            assertThat(error.code()).isEqualTo("unknown-system");
        });
        assertThat(status(() -> putSystem("data-consumer", "description: mine\n", match(1), BILLING)))
                .isEqualTo(403);
        assertThat(status(() -> systems.delete("data-consumer", match(1), BILLING)))
                .isEqualTo(403);
        assertThat(status(() -> putSystem("risky", "labels: [billing]\n", match(1), BILLING)))
                .isEqualTo(412);
        assertThat(status(() -> putSystem("risky", "labels: [billing]\n", NEW, BILLING)))
                .isEqualTo(409);
        assertThat(errors(() -> putSystem("biller", "labels: [billing, risk]\n", match(1), BILLING)))
                .containsExactly("/labels/1 foreign-label");
        assertThat(putSystem("biller", "labels: [bills]\n", match(1), BILLING)
                        .view()
                        .version())
                .isEqualTo(2);
    }

    @Test
    void anEditorKeepsNoSourceThatSystemsOrGroupsOfOthersUse() {
        putSystem("risky", "labels: [risk]\nsources: [/risk]\ninstances: ['http://127.0.0.1:9']\n", NEW);
        putSystem("biller", "labels: [billing]\nsources: [/bills]\ninstances: ['http://127.0.0.1:9']\n", NEW);
        putGroup("scores", "labels: [risk]\ntriggers: [{source: /billing, type: ready}]\n", NEW);
        assertThat(groups.read(groups.get("scores", Labels.ALL).current()).triggers())
                .extracting(TriggerRule::source)
                .containsExactly("/billing");

        assertThat(errors(() -> putSystem(
                        "biller", "labels: [billing]\nsources: [/bills, /risk, /billing]\n", match(1), BILLING)))
                .containsExactly("/sources/1 foreign-source", "/sources/2 foreign-source");
        assertThat(errors(() -> putSystem("mine", "labels: [billing]\nsources: [/billing]\n", NEW, BILLING)))
                .containsExactly("/sources/0 foreign-source");
        assertThat(putSystem("biller", "labels: [billing]\nsources: [/bills, /new]\n", match(1), BILLING)
                        .view()
                        .version())
                .isEqualTo(2);
        assertThat(putSystem("mine", "labels: [billing]\nsources: [/billing, /risk]\n", NEW)
                        .created())
                .isTrue();
    }

    @Test
    void whoMayNotDeleteASystemIsNotToldWhoseForeignGroupsNameIt() {
        putSystem("biller", "labels: [billing, risk]\ninstances: ['http://127.0.0.1:9']\n", NEW);
        for (var group : List.of("bills billing", "scores risk")) {
            var key = group.split(" ")[0];
            groups.put(
                    key,
                    DocumentFormat.YAML,
                    ("{apiVersion: syncline/v1, kind: TaskGroup, key: " + key + ", labels: [" + group.split(" ")[1]
                                    + "], tasks: [{key: a, system: biller, path: /a}]}")
                            .getBytes(StandardCharsets.UTF_8),
                    NEW,
                    OPERATOR);
        }

        var told = problem(() -> systems.delete("biller", match(1), BILLING));

        assertThat(told.status()).isEqualTo(409);
        assertThat(told.detail()).contains("bills and others").doesNotContain("scores");
    }

    @Test
    void labelsThatAnOlderReleaseHasStoredAreKeptAtStart() {
        putGroup("daily", "labels: [billing]\n", NEW);
        putGroup("old", "labels: [billing]\n", NEW);
        groups.delete("old", match(1), OPERATOR);
        putSystem("biller", "labels: [billing]\n", NEW);
        var jdbc = JdbcClient.create(dataSource());
        for (var table : List.of("task_group", "sync_system")) {
            jdbc.sql("delete from " + table + "_label").update();
            jdbc.sql("update " + table + " set labelled_version = null").update();
        }

        new LabelKeeper(stored, storedSystems, transactions).afterSingletonsInstantiated();

        assertThat(stored.withinReach(BILLING.labels(), List.of("daily", "old")))
                .containsExactlyInAnyOrder("daily", "old");
        assertThat(systems.list(new PageRequest(50, null), RISK.labels()).items())
                .extracting(StoredVersion::key)
                .containsExactly("data-consumer");
        assertThat(stored.notLabelled()).isEmpty();
        assertThat(storedSystems.notLabelled()).isEmpty();
    }

    private static ProblemException problem(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        return catchThrowableOfType(ProblemException.class, call);
    }

    private static List<String> errors(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        return problem(call).errors().stream()
                .map(error -> error.pointer() + " " + error.code())
                .toList();
    }

    private Stored<StoredVersion> putCalendar(String key, String more, Precondition precondition) {
        var document = "apiVersion: syncline/v1\nkind: Calendar\nkey: " + key + "\n" + more;
        return calendars.put(
                key, DocumentFormat.YAML, document.getBytes(StandardCharsets.UTF_8), precondition, OPERATOR);
    }

    private Stored<GroupView> putGroup(String key, String more, Precondition precondition) {
        return putGroup(key, more, precondition, OPERATOR);
    }

    private Stored<GroupView> putGroup(String key, String more, Precondition precondition, Editor editor) {
        String yaml = """
                apiVersion: syncline/v1
                kind: TaskGroup
                key: %s
                tasks: [{key: only, system: data-consumer, path: /sync/only}]
                """.formatted(key) + more;
        return groups.put(key, DocumentFormat.YAML, yaml.getBytes(StandardCharsets.UTF_8), precondition, editor);
    }

    private void putSystem(String key) {
        putSystem(key, "instances: ['http://127.0.0.1:9']\n", NEW);
    }

    private Stored<StoredVersion> putSystem(String key, String more, Precondition precondition) {
        return putSystem(key, more, precondition, OPERATOR);
    }

    private Stored<StoredVersion> putSystem(String key, String more, Precondition precondition, Editor editor) {
        String yaml = "apiVersion: syncline/v1\nkind: System\nkey: " + key + "\n" + more;
        return systems.put(key, DocumentFormat.YAML, yaml.getBytes(StandardCharsets.UTF_8), precondition, editor);
    }

    private static String rules(String source, String type) {
        return "triggers: [{source: " + source + ", type: " + type + "}]\n";
    }

    private static Precondition match(int version) {
        return new Precondition(Precondition.etag(version), null);
    }

    private static List<String> keys(Page<GroupView> page) {
        return page.items().stream().map(view -> view.current().key()).toList();
    }

    private static int status(Runnable refused) {
        @Nullable ProblemException problem = null;
        try {
            refused.run();
        } catch (ProblemException e) {
            problem = e;
        }
        assertThat(problem).as("a refusal").isNotNull();
        return problem.status();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
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
