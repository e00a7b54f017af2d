package io.syncline.systemtests.bench;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The same work by db-scheduler: one-time tasks all due at once, each one blocking POST, with its fast settings
 * (lock-and-fetch, 50 threads, pool of 20). Runs in a JVM of its own; prints one line per round: the rate per second.
 */
public final class DbSchedulerDrain {

    private static final int THREADS = 50;
    private static final String TABLE =
            """
            create table if not exists scheduled_tasks (
              task_name text not null, task_instance text not null, task_data bytea,
              execution_time timestamp with time zone not null, picked boolean not null, picked_by text,
              last_success timestamp with time zone, last_failure timestamp with time zone, consecutive_failures int,
              last_heartbeat timestamp with time zone, version bigint not null, priority smallint,
              primary key (task_name, task_instance));
            create index if not exists execution_time_idx on scheduled_tasks (execution_time);
            create index if not exists last_heartbeat_idx on scheduled_tasks (last_heartbeat);
            """;

    private DbSchedulerDrain() {}

    /** Arguments: JDBC URL, user, password, URL of the sink, then the number of tasks of each round. */
    public static void main(String[] args) throws SQLException, InterruptedException {
        var config = new HikariConfig();
        config.setJdbcUrl(args[0]);
        config.setUsername(args[1]);
        config.setPassword(args[2]);
        config.setMaximumPoolSize(20);
        try (var pool = new HikariDataSource(config)) {
            try (var connection = pool.getConnection();
                    var statement = connection.createStatement()) {
                statement.execute(TABLE);
            }
            for (int i = 4; i < args.length; i++) {
                drain(pool, URI.create(args[3] + "/sync"), Integer.parseInt(args[i]), i);
            }
        }
    }

    private static void drain(HikariDataSource pool, URI sink, int tasks, int round) throws InterruptedException {
        var client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        var request = HttpRequest.newBuilder(sink)
                .timeout(Duration.ofSeconds(10))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"task\":\"post\",\"pad\":\"" + "x".repeat(600) + "\"}"))
                .build();
        var done = new AtomicInteger();
        var started = new long[1];
        OneTimeTask<Void> task = Tasks.oneTime("post-" + round).execute((instance, context) -> {
            synchronized (started) {
                if (started[0] == 0) {
                    started[0] = System.nanoTime();
                }
            }
            try {
                var answer = client.send(request, HttpResponse.BodyHandlers.ofString());
                if (answer.statusCode() == 200) {
                    done.incrementAndGet();
                }
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        var scheduler = Scheduler.create(pool, task)
                .threads(THREADS)
                .pollUsingLockAndFetch(1.0, 4.0)
                .pollingInterval(Duration.ofSeconds(1))
                .registerShutdownHook()
                .build();
        Stream<TaskInstance<?>> instances = IntStream.range(0, tasks).mapToObj(i -> task.instance("t" + i));
        scheduler.scheduleBatch(instances, Instant.now().minusSeconds(60));
        scheduler.start();
        while (done.get() < tasks || left(pool) > 0) {
            Thread.sleep(20);
        }
        var seconds = (System.nanoTime() - started[0]) / 1e9;
        scheduler.stop();
        System.out.println(tasks + " " + seconds);
        System.out.flush();
    }

    private static long left(HikariDataSource pool) {
        try (var connection = pool.getConnection();
                var statement = connection.createStatement();
                var result = statement.executeQuery("select count(*) from scheduled_tasks")) {
            result.next();
            return result.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
