package io.syncline.consumer.changes;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.consumer.changes.JdbcPositions.Position;
import io.syncline.consumer.users.Source;
import io.syncline.consumer.users.ViewFixture;
import io.syncline.faults.Calls;
import io.syncline.faults.FaultyDataSource;
import io.syncline.faults.Flow;
import io.syncline.faults.Sweep;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/**
 * The provider's changes on their way into the view, once for each call to the database and the provider that fails on it.
 * Whatever fails, the view counts each change once, never less than the position says, and in the end says what the provider
 * has; no change is parked and no feed stays held by nobody.
 */
abstract class ViewSweep {

    /** People, and one kind of fact: the three kinds are counted by the same statements. */
    private static final List<String> DATASETS = List.of("users", "follows");

    private static final int PAGE = 3;
    private static final int PAGES = 2;
    private static final int MOST_TURNS = 100;

    private final Calls jdbc = new Calls("JDBC");
    private final Calls http = new Calls("HTTP");
    private final Source source = new Source();
    private FakeFeed provider;
    private FaultyDataSource faulty;
    private HttpFeed feed;
    private JdbcPositions positions;
    private JdbcTemplate tables;

    abstract DataSource dataSource();

    abstract @Nullable String abort();

    @BeforeEach
    void open() throws IOException {
        tables = new JdbcTemplate(dataSource());
        provider = new FakeFeed(http);
        source.user("ann", "Ann");
        source.user("bob", "Bob");
        source.user("ann", "Ann B.");
        source.user("cid", "Cid");
        source.delete("users", "cid");
        source.follow("ann", "bob");
        source.follow("bob", "ann");
        source.unfollow("ann", "bob");
        source.follow("ann", "bob");
        source.unfollow("bob", "ann");
        provider.add(source.log());
        faulty = new FaultyDataSource(dataSource(), jdbc, abort());
        var fixture = ViewFixture.on(faulty.dataSource());
        positions = Feeds.positions(fixture, "one");
        feed = new HttpFeed(
                Feeds.provider(provider.url()),
                new ChangeReader(JsonMapper.builder().build()),
                fixture.target(),
                positions,
                new JdbcParkedChanges(JdbcClient.create(faulty.dataSource())),
                new ChangesProperties(
                        true,
                        Duration.ofMillis(1),
                        PAGE,
                        Duration.ofSeconds(15),
                        Duration.ofMillis(1),
                        Duration.ofMillis(1),
                        Duration.ofMillis(1)));
    }

    @AfterEach
    void close() {
        provider.close();
    }

    private final class Followed implements Flow {

        private final ViewFixture fixture = ViewFixture.empty(dataSource());
        private final Map<String, Position> held = new HashMap<>();

        /** One turn of the thread that follows a dataset: a feed on which a step failed is given back and taken again. */
        private void turn(String dataset) {
            var position = held.get(dataset);
            try {
                if (position == null) {
                    positions.claim(dataset, HttpFeed.FEED).ifPresent(claimed -> held.put(dataset, claimed));
                } else {
                    held.put(dataset, feed.step(position));
                }
            } catch (RuntimeException asItsThreadWould) {
                held.remove(dataset);
                if (position != null) {
                    release(position);
                }
            }
            checkNothingIsPassedOver(dataset);
        }

        private void release(Position position) {
            try {
                positions.release(position);
            } catch (RuntimeException untilTheLeaseRunsOut) {
                // another instance takes it then
            }
        }

        private long reached(String dataset) {
            return tables
                    .queryForList("select last_seq from change_position where dataset = ?", Long.class, dataset)
                    .stream()
                    .findFirst()
                    .orElse(0L);
        }

        /** A position is what is acknowledged: all up to it is in the view, in the same transaction. */
        private void checkNothingIsPassedOver(String dataset) {
            if (dataset.equals("users")) {
                return;
            }
            long applied =
                    tables
                            .queryForList("select max(last_seq) from user_fact where kind = 'FOLLOW'", Long.class)
                            .stream()
                            .filter(java.util.Objects::nonNull)
                            .findFirst()
                            .orElse(0L);
            assertThat(reached(dataset)).as("position of " + dataset).isEqualTo(applied);
        }

        @Override
        public void go() {
            for (int turn = 0; turn <= PAGES; turn++) {
                DATASETS.forEach(this::turn);
            }
        }

        @Override
        public void finish() {
            for (var dataset : DATASETS) {
                for (int turns = 0; reached(dataset) < source.seq(dataset); turns++) {
                    assertThat(turns).as("turns without an end").isLessThan(MOST_TURNS);
                    turn(dataset);
                    if (!held.containsKey(dataset)) {
                        tables.update("update change_position set lease_until = lease_until - interval '16' second");
                    }
                }
            }
        }

        @Override
        public void check() {
            assertThat(faulty.open()).as("connections not given back").isZero();
            assertThat(fixture.answers()).as("the view").isEqualTo(source.expected());
            for (var dataset : DATASETS) {
                assertThat(reached(dataset)).as("position of " + dataset).isEqualTo(source.seq(dataset));
            }
            assertThat(tables.queryForList("select reason from parked_change", String.class))
                    .as("parked changes")
                    .isEmpty();
            // A page that comes again changes nothing.
            var again = new ArrayList<>(source.log("follows"));
            fixture.target().apply("follows", List.copyOf(again), now -> {});
            assertThat(fixture.answers()).as("the view, told again").isEqualTo(source.expected());
        }
    }

    @Test
    void changesAreFollowed() {
        System.out.println("swept " + Sweep.over("changesAreFollowed", http, Followed::new));
        System.out.println("swept " + Sweep.over("changesAreFollowed", jdbc, Followed::new));
    }
}
