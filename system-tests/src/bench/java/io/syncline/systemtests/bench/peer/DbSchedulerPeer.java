package io.syncline.systemtests.bench.peer;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.zaxxer.hikari.HikariDataSource;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** db-scheduler with its fast settings: one-time tasks, lock-and-fetch 1.0 to 4.0, 50 threads, a pool of 20. */
public final class DbSchedulerPeer extends Peer {

    private static final int THREADS = 50;
    private static final int CONNECTIONS = 20;
    private static final String TABLE = """
            create table if not exists scheduled_tasks (
              task_name text not null, task_instance text not null, task_data bytea,
              execution_time timestamp with time zone not null, picked boolean not null, picked_by text,
              last_success timestamp with time zone, last_failure timestamp with time zone, consecutive_failures int,
              last_heartbeat timestamp with time zone, version bigint not null, priority smallint,
              primary key (task_name, task_instance));
            create index if not exists execution_time_idx on scheduled_tasks (execution_time);
            create index if not exists last_heartbeat_idx on scheduled_tasks (last_heartbeat);
            """;

    private final HikariDataSource pool;
    private final OneTimeTask<Void> task;
    private int round;

    private DbSchedulerPeer(HikariDataSource pool, PostClient client, URI sink) {
        super(client, sink);
        this.pool = pool;
        this.task = Tasks.oneTime("post").execute((instance, context) -> work());
    }

    /** Arguments: JDBC URL, URL of the sink, client. */
    public static void main(String[] arguments) throws Exception {
        try (var pool = pool(arguments, CONNECTIONS)) {
            execute(pool, TABLE);
            new DbSchedulerPeer(pool, PostClient.valueOf(arguments[2]), URI.create(arguments[1])).serve();
        }
    }

    @Override
    void drain(int tasks) throws Exception {
        int now = round++;
        var scheduler = Scheduler.create(pool, task)
                .threads(THREADS)
                .pollUsingLockAndFetch(1.0, 4.0)
                .pollingInterval(Duration.ofSeconds(1))
                .build();
        Stream<TaskInstance<?>> instances = IntStream.range(0, tasks).mapToObj(i -> task.instance(now + "-" + i));
        scheduler.scheduleBatch(instances, Instant.now().minusSeconds(60));
        scheduler.start();
        awaitWork();
        awaitNone(pool, "select count(*) from scheduled_tasks");
        scheduler.stop();
    }
}
