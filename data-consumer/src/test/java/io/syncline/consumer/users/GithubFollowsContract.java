package io.syncline.consumer.users;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.syncline.consumer.changes.Change;
import io.syncline.consumer.csv.FileForm;
import io.syncline.consumer.csv.PlainCsv;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/** The follow graph of 37,700 real users as changes: 578,006 follows, with a heavy tail. */
abstract class GithubFollowsContract {

    private static final int INSTANCES = 3;
    private static final int BATCH = 500;

    private ViewFixture fixture;

    abstract DataSource dataSource();

    /** How many of the links are loaded. */
    abstract int links();

    @BeforeEach
    void empty() {
        fixture = ViewFixture.empty(dataSource());
    }

    @AfterEach
    void leaveLittleBehind() {
        var jdbc = new JdbcTemplate(dataSource());
        jdbc.execute("truncate table user_fact");
        jdbc.execute("truncate table user_view");
    }

    @Test
    void everyCountIsThatOfTheFile() throws Exception {
        var sample = System.getProperty("SYNCLINE_SAMPLE_DATA", System.getenv("SYNCLINE_SAMPLE_DATA"));
        var graph = Path.of(sample == null ? "../../shared/data" : sample).resolve("github-follow-graph");
        assumeTrue(Files.isDirectory(graph), "no sample data in " + graph + "; name it with SYNCLINE_SAMPLE_DATA");
        var names = new HashMap<String, String>();
        var links = new HashMap<String, Long>();
        var users = users(graph, names);
        var follows = follows(graph, links);
        assertThat(users).hasSize(37_700);
        assertThat(follows).hasSize(2 * Math.min(links(), 289_003));

        var deliveries = new ArrayList<Callable<Void>>();
        deliveries.add(() -> deliver("users", users, 0, 1));
        for (int i = 0; i < INSTANCES; i++) {
            int instance = i;
            deliveries.add(() -> deliver("follows", follows, instance, INSTANCES));
        }
        var threads = Executors.newFixedThreadPool(deliveries.size());
        try {
            for (var delivery : threads.invokeAll(deliveries, 10, TimeUnit.MINUTES)) {
                delivery.get();
            }
        } finally {
            threads.shutdownNow();
        }

        if (links() >= 289_003) {
            assertThat(fixture.reads().find("31890").orElseThrow().user().followerCount())
                    .isEqualTo(9_458);
        }
        assertThat(fixture.sumOf("follower_count")).isEqualTo(follows.size());
        assertThat(fixture.sumOf("following_count")).isEqualTo(follows.size());
        var seen = new HashMap<String, Long>();
        fixture.jdbc.query("select user_id, username, follower_count, following_count, known from user_view", row -> {
            var userId = row.getString(1);
            assertThat(row.getString(2)).isEqualTo(names.get(userId));
            assertThat(row.getLong(3)).as("followers of " + userId).isEqualTo(row.getLong(4));
            assertThat(row.getInt(5)).isEqualTo(1);
            seen.put(userId, row.getLong(3));
        });
        assertThat(seen).hasSize(37_700);
        names.keySet().forEach(userId -> links.putIfAbsent(userId, 0L));
        assertThat(seen).isEqualTo(links);
        var recounts = new JdbcRecounts(fixture.jdbc, new JdbcUserRows(fixture.jdbc));
        List<String> wrong = fixture.transactions().call(now -> recounts.wrong(1, 10));
        assertThat(wrong).isEmpty();
    }

    /** What one instance gets: whole keys, in order, now and then a batch again. */
    private Void deliver(String dataset, List<Change> all, int instance, int instances) {
        var view = fixture.view();
        var batch = new ArrayList<Change>(BATCH);
        int batches = 0;
        for (var change : all) {
            if (Math.floorMod(change.key().hashCode(), instances) == instance) {
                batch.add(change);
            }
            if (batch.size() == BATCH) {
                view.apply(dataset, batch, now -> {});
                if (++batches % 20 == 0) {
                    view.apply(dataset, batch, now -> {});
                }
                batch.clear();
            }
        }
        view.apply(dataset, batch, now -> {});
        return null;
    }

    private static List<Change> users(Path graph, Map<String, String> names) throws IOException {
        var changes = new ArrayList<Change>();
        each(graph.resolve("git_target.csv.gz"), fields -> {
            names.put(fields.get(0), fields.get(1));
            changes.add(new Change(
                    "users",
                    changes.size() + 1,
                    fields.get(0),
                    true,
                    Map.of("userid", fields.get(0), "username", fields.get(1)),
                    Source.BEGINNING));
        });
        return changes;
    }

    private List<Change> follows(Path graph, Map<String, Long> links) throws IOException {
        var changes = new ArrayList<Change>();
        each(graph.resolve("git_edges.csv.gz"), fields -> {
            if (changes.size() == 2 * links()) {
                return;
            }
            links.merge(fields.get(0), 1L, Long::sum);
            links.merge(fields.get(1), 1L, Long::sum);
            changes.add(follow(changes.size() + 1, fields.get(0), fields.get(1)));
            changes.add(follow(changes.size() + 1, fields.get(1), fields.get(0)));
        });
        return changes;
    }

    private static Change follow(long seq, String follower, String followed) {
        return new Change(
                "follows",
                seq,
                follower + "," + followed,
                true,
                Map.of("followerid", follower, "followedid", followed),
                Source.BEGINNING);
    }

    private interface Line {
        void of(List<String> fields);
    }

    private static void each(Path file, Line line) throws IOException {
        try (var csv = new PlainCsv(file, FileForm.PLAIN)) {
            csv.next(); // the header
            for (var fields = csv.next(); fields != null; fields = csv.next()) {
                line.of(fields);
            }
        }
    }
}
