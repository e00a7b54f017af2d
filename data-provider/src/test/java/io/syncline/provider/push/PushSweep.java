package io.syncline.provider.push;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.syncline.faults.Calls;
import io.syncline.faults.Failure;
import io.syncline.faults.Flow;
import io.syncline.faults.Sweep;
import io.syncline.migrations.SchemaMigrations;
import io.syncline.outbox.JdbcOutbox;
import io.syncline.outbox.OutboxRelay;
import io.syncline.outbox.RelaySettings;
import io.syncline.outbox.RelaySteps;
import io.syncline.outbox.WebhookSigner;
import io.syncline.provider.HomeProperties;
import io.syncline.provider.change.ChangeLog;
import io.syncline.provider.change.Changes;
import io.syncline.provider.change.FeedSteps;
import io.syncline.provider.change.LoggedChange;
import io.syncline.provider.dataset.Dataset;
import io.syncline.provider.dataset.Datasets;
import io.syncline.provider.dataset.ProviderProperties;
import io.syncline.provider.store.DatabaseClock;
import io.syncline.provider.testing.SweptParts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Changes on their way from the transactions that make them to a reader of the feed and to a subscriber's server, once for each
 * call to the database and the server that fails on it. Whatever fails, each change has one number, without a gap; the reader
 * has each once; the subscriber is sent each, those of one key in order; and one delivery of each is stored.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class PushSweep {

    private static final String THINGS = "things";
    private static final int CHANGES = 4;
    private static final int MOST_ROUNDS = 50;
    private static final String SECRET = WebhookSigner.newSecret();

    private final Calls jdbc = new Calls("JDBC");
    private final Calls http = new Calls("HTTP");
    private final Set<Integer> lost = ConcurrentHashMap.newKeySet();

    @TempDir
    private Path home;

    private JdbcTemplate tables;
    private SweptParts parts;
    private FakeEndpoint endpoint;
    private Endpoints endpoints;
    private PushProperties properties;

    abstract DataSource driver();

    abstract @Nullable String abort();

    @BeforeAll
    void start() throws IOException {
        SchemaMigrations.prepare(driver(), "provider", true);
        tables = new JdbcTemplate(driver());
        tables.execute("create table things (id varchar(64) not null primary key, note varchar(200))");
        parts = new SweptParts(
                driver(),
                jdbc,
                abort(),
                "--syncline.provider.datasets[0].name=things",
                "--syncline.provider.datasets[0].table=things",
                "--syncline.provider.datasets[0].columns=id,note",
                "--syncline.provider.datasets[0].key=id",
                "--syncline.provider.datasets[0].changes=true",
                // a look at all feeds is made once in each try, not once in a while
                "--syncline.provider.changes.wait-poll=1h");
        properties = new PushProperties(
                true,
                true,
                List.of("127.0.0.0/8"),
                null,
                Collections.nCopies(20, Duration.ofMillis(1)),
                Duration.ofSeconds(15),
                Duration.ofHours(24),
                Duration.ofDays(5),
                Duration.ofMillis(500),
                100,
                CHANGES);
        endpoints = new Endpoints(new EndpointGuard(properties), properties);
        endpoint = new FakeEndpoint();
        endpoint.answer(sameBefore -> {
            var failure = http.next("a delivery");
            if (failure == null) {
                return 204;
            }
            if (failure == Failure.MADE_UNHEARD) {
                lost.add(endpoint.calls().size());
            }
            return 500;
        });
    }

    @AfterAll
    void stop() throws IOException {
        endpoints.destroy();
        endpoint.close();
        parts.close();
    }

    private final class Pushed implements Flow {

        private final FeedSteps feed = new FeedSteps(parts);
        private final Changes changes = parts.bean(Changes.class);
        private final Dataset things = parts.bean(Datasets.class).get(THINGS);
        private final TransactionTemplate transaction = parts.bean(TransactionTemplate.class);
        private final JdbcTemplate faulty = parts.bean(JdbcTemplate.class);
        private final List<JsonNode> read = new ArrayList<>();
        private final Subscriptions subscriptions;
        private final Fanout fanout;
        private final OutboxRelay relay;
        private long behind;

        Pushed() {
            for (var table : List.of(
                    "push_delivery",
                    "push_cursor",
                    "push_subscription",
                    "outbox_message",
                    "outbox_key",
                    "change_event",
                    "change_waiting",
                    THINGS)) {
                tables.update("delete from " + table);
            }
            tables.update("update change_feed set first_seq = 1, last_seq = 0");
            endpoint.calls().clear();
            lost.clear();
            var client = parts.bean(JdbcClient.class);
            var clock = parts.bean(DatabaseClock.class);
            var log = parts.bean(ChangeLog.class);
            var stored = new JdbcSubscriptions(client);
            var oldSecrets = new JdbcOldSecrets(client);
            var seal = new SecretSeal(properties, new HomeProperties(home));
            var meters = new PushMeters(parts.bean(MeterRegistry.class), parts.bean(Datasets.class));
            var outbox = new JdbcOutbox(parts.source().dataSource(), parts.bean(PlatformTransactionManager.class));
            subscriptions = new Subscriptions(stored, oldSecrets, log, seal, clock, transaction, properties);
            fanout = new Fanout(
                    stored,
                    new JdbcDeliveries(client),
                    log,
                    outbox,
                    new CloudEvents(parts.bean(ProviderProperties.class), parts.bean(JsonMapper.class)),
                    transaction,
                    meters,
                    properties);
            relay = new OutboxRelay(
                    outbox,
                    List.of(new PushDelivery(stored, oldSecrets, seal, endpoints, clock, meters, properties)),
                    new RelaySettings(
                            Duration.ofMillis(1),
                            Duration.ofMillis(2),
                            CHANGES,
                            Duration.ofHours(1),
                            Duration.ofHours(1),
                            Duration.ofSeconds(1)));
        }

        /** What was not answered is asked for once more; that it is there already is an answer too. */
        private void subscribe() {
            var wish = new Subscriptions.Wish(THINGS, endpoint.url(), true, SECRET, false);
            var preconditions = new Preconditions(null, "*");
            try {
                subscriptions.put("hook", wish, preconditions, "ada");
            } catch (RuntimeException unheard) {
                if (count("push_subscription") == 0) {
                    subscriptions.put("hook", wish, preconditions, "ada");
                }
            }
            assertThat(count("push_subscription")).isEqualTo(1);
            assertThat(count("push_cursor")).isEqualTo(1);
        }

        /** As an upstream does: what was not answered is written once more, and is no change where it is there already. */
        private void set(String id, @Nullable String note) {
            try {
                write(id, note);
            } catch (RuntimeException unheard) {
                write(id, note);
            }
        }

        private void write(String id, @Nullable String note) {
            transaction.executeWithoutResult(status -> {
                var found = faulty.queryForList("select note from things where id = ? for update", String.class, id);
                var before = found.isEmpty() ? null : found.get(0);
                if (before == null && note != null) {
                    faulty.update("insert into things (id, note) values (?, ?)", id, note);
                } else if (before != null && note == null) {
                    faulty.update("delete from things where id = ?", id);
                } else if (before != null && !before.equals(note)) {
                    faulty.update("update things set note = ? where id = ?", note, id);
                } else {
                    return;
                }
                changes.record(things, row(id, before), row(id, note));
            });
        }

        private static @Nullable String @Nullable [] row(String id, @Nullable String note) {
            return note == null ? null : new String[] {id, note};
        }

        private void step(Runnable work) {
            try {
                work.run();
            } catch (RuntimeException asItsThreadWould) {
                // and looks again at its next turn
            }
        }

        /** Goes on behind what it was answered. */
        private void page() {
            var page = feed.page(THINGS, behind, 2);
            page.path("items").forEach(read::add);
            if (!page.path("items").isEmpty()) {
                behind = read.get(read.size() - 1).path("seq").longValue();
            }
            var asOf = page.path("asOf").asString("");
            if (!asOf.isEmpty()) {
                assertThat(tables.queryForList("select committed_at from change_waiting", java.sql.Timestamp.class))
                        .as("changes without a number, after a page that is complete up to " + asOf)
                        .noneMatch(committed -> committed.toInstant().isBefore(Instant.parse(asOf)));
            }
        }

        private void goOn() {
            step(feed::number);
            step(this::page);
            step(fanout::round);
            step(() -> RelaySteps.look(relay));
            step(() -> RelaySteps.look(relay));
        }

        @Override
        public void go() {
            subscribe();
            set("a", "first");
            set("b", "first");
            set("a", "second");
            goOn();
            set("a", null);
            goOn();
        }

        @Override
        public void finish() {
            for (int rounds = 0; !isQuiet(); rounds++) {
                assertThat(rounds).as("rounds without an end").isLessThan(MOST_ROUNDS);
                tables.update("update outbox_message set due_at = due_at - interval '15' second");
                goOn();
            }
        }

        private boolean isQuiet() {
            return count("change_waiting") == 0
                    && behind == last()
                    && count("push_delivery") == CHANGES
                    && count("outbox_message where state = 'PENDING'") == 0;
        }

        private long last() {
            return count("change_event");
        }

        private int count(String of) {
            var count = tables.queryForObject("select count(*) from " + of, Integer.class);
            return count == null ? 0 : count;
        }

        @Override
        public void check() {
            assertThat(parts.source().open()).as("connections not given back").isZero();
            assertThat(tables.queryForList("select id from things", String.class))
                    .containsExactly("b");
            var log = parts.bean(ChangeLog.class).read(THINGS, 0, 100, Long.MAX_VALUE);
            assertThat(log).extracting(LoggedChange::seq).as("numbers").containsExactly(1L, 2L, 3L, 4L);
            assertThat(log.stream().map(change -> change.key() + " " + change.operation()))
                    .as("changes, each once")
                    .containsExactly("a CREATED", "b CREATED", "a UPDATED", "a DELETED");
            assertThat(read)
                    .extracting(item -> item.path("id").asString())
                    .as("what a reader has read")
                    .containsExactlyElementsOf(
                            log.stream().map(LoggedChange::id).toList());
            checkDeliveries(log);
        }

        private void checkDeliveries(List<LoggedChange> log) {
            assertThat(tables.queryForList("select dataset_seq from push_delivery order by dataset_seq", Long.class))
                    .as("stored deliveries")
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, CHANGES).boxed().toList());
            assertThat(tables.queryForObject("select stored_seq from push_cursor", Long.class))
                    .isEqualTo(CHANGES);
            assertThat(tables.queryForList("select state from outbox_message", String.class))
                    .hasSize(CHANGES)
                    .containsOnly("DELIVERED");
            assertThat(RelaySteps.freePlaces(relay)).as("places not given back").isEqualTo(CHANGES);
            var calls = endpoint.calls();
            var taken = new ArrayList<FakeEndpoint.Call>();
            for (int number = 0; number < calls.size(); number++) {
                if (calls.get(number).answered() == 204 || lost.contains(number)) {
                    taken.add(calls.get(number));
                }
            }
            assertThat(taken).allMatch(call -> call.verdict(SECRET) == WebhookSigner.Verdict.GENUINE);
            for (var key : List.of("a", "b")) {
                assertThat(taken.stream()
                                .filter(call -> call.key().equals(key))
                                .map(call -> call.header(WebhookSigner.ID))
                                .distinct()
                                .toList())
                        .as("first deliveries of " + key)
                        .containsExactlyElementsOf(log.stream()
                                .filter(change -> change.key().equals(key))
                                .map(LoggedChange::id)
                                .collect(Collectors.toList()));
            }
        }
    }

    @Test
    void changesAreReadAndPushed() {
        System.out.println("swept " + Sweep.over("changesAreReadAndPushed", http, Pushed::new));
        System.out.println("swept " + Sweep.over("changesAreReadAndPushed", jdbc, Pushed::new));
    }
}
