package io.syncline.systemtests.bench.peer;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.syncline.systemtests.load.CountingPostgres;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The side of a peer's process: reads a number of tasks per line, drains as many, and answers with the seconds that it took
 * from the first execution to the state in which nothing is left to do.
 */
abstract class Peer {

    static final String ANSWER = "drained ";

    private final Post post;
    private final AtomicLong firstNanos = new AtomicLong();
    private volatile CountDownLatch left = new CountDownLatch(0);

    /** @param sink where each task posts */
    Peer(PostClient client, URI sink) {
        this.post = new Post(client, sink);
    }

    /** Stores so many tasks, all due at once, begins to work them off, and returns when nothing of them is left. */
    abstract void drain(int tasks) throws Exception;

    /** What each task does. A failed POST fails the benchmark: a peer is not measured by its retries. */
    final void work() {
        firstNanos.compareAndSet(0, System.nanoTime());
        post.send();
        left.countDown();
    }

    /** Waits until every task of the round has had its answer. */
    final void awaitWork() throws InterruptedException {
        left.await();
    }

    final void serve() throws Exception {
        var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (var line = lines.readLine(); line != null; line = lines.readLine()) {
            int tasks = Integer.parseInt(line.strip());
            firstNanos.set(0);
            left = new CountDownLatch(tasks);
            drain(tasks);
            System.out.println(ANSWER + (System.nanoTime() - firstNanos.get()) / 1e9);
            System.out.flush();
        }
    }

    /** @param arguments URL of the database first; its user and password are not for a list of processes */
    static HikariDataSource pool(String[] arguments, int size) {
        var config = new HikariConfig();
        config.setJdbcUrl(arguments[0]);
        config.setUsername(CountingPostgres.USER);
        config.setPassword(CountingPostgres.PASSWORD);
        config.setMaximumPoolSize(size);
        return new HikariDataSource(config);
    }

    static void execute(HikariDataSource pool, String sql) throws SQLException {
        try (var connection = pool.getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Waits until a count is zero. */
    static void awaitNone(HikariDataSource pool, String count) throws SQLException, InterruptedException {
        while (true) {
            try (var connection = pool.getConnection();
                    var statement = connection.createStatement();
                    var result = statement.executeQuery(count)) {
                result.next();
                if (result.getLong(1) == 0) {
                    return;
                }
            }
            Thread.sleep(20);
        }
    }

    /** The table definitions that a peer ships in its own jar. */
    static String resource(Class<?> of, String name) throws IOException {
        try (var in = of.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException("no " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
