package io.syncline.systemtests.bench.peer;

import com.zaxxer.hikari.HikariDataSource;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Date;
import java.util.HashSet;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.quartz.Job;
import org.quartz.JobBuilder;
import org.quartz.JobDetail;
import org.quartz.JobExecutionContext;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.SimpleScheduleBuilder;
import org.quartz.Trigger;
import org.quartz.TriggerBuilder;
import org.quartz.impl.StdSchedulerFactory;
import org.quartz.utils.ConnectionProvider;
import org.quartz.utils.DBConnectionManager;

/** Clustered Quartz, tuned: JobStoreTX, 50 threads, batches of 50 acquired within the lock; one durable job and a trigger for each task. */
public final class QuartzPeer extends Peer {

    private static final int THREADS = 50;

    private static volatile @Nullable QuartzPeer serving;

    private final HikariDataSource pool;
    private final Scheduler scheduler;
    private final JobDetail job =
            JobBuilder.newJob(PostJob.class).withIdentity("post").storeDurably().build();

    private int round;

    private QuartzPeer(HikariDataSource pool, URI sink) throws SchedulerException {
        super(PostClient.JDK, sink);
        this.pool = pool;
        DBConnectionManager.getInstance().addConnectionProvider("pool", new Connections(pool));
        var settings = new Properties();
        settings.putAll(Map.ofEntries(
                Map.entry("org.quartz.scheduler.instanceName", "peer"),
                Map.entry("org.quartz.scheduler.instanceId", "AUTO"),
                Map.entry("org.quartz.scheduler.batchTriggerAcquisitionMaxCount", "50"),
                Map.entry("org.quartz.threadPool.class", "org.quartz.simpl.SimpleThreadPool"),
                Map.entry("org.quartz.threadPool.threadCount", String.valueOf(THREADS)),
                Map.entry("org.quartz.jobStore.class", "org.quartz.impl.jdbcjobstore.JobStoreTX"),
                Map.entry("org.quartz.jobStore.driverDelegateClass", "org.quartz.impl.jdbcjobstore.PostgreSQLDelegate"),
                Map.entry("org.quartz.jobStore.dataSource", "pool"),
                Map.entry("org.quartz.jobStore.isClustered", "true"),
                Map.entry("org.quartz.jobStore.acquireTriggersWithinLock", "true"),
                Map.entry("org.quartz.jobStore.misfireThreshold", "600000")));
        scheduler = new StdSchedulerFactory(settings).getScheduler();
        scheduler.addJob(job, true);
    }

    /** Arguments: JDBC URL, URL of the sink. */
    public static void main(String[] arguments) throws Exception {
        try (var pool = pool(arguments, THREADS + 3)) {
            execute(pool, resource(Scheduler.class, "/org/quartz/impl/jdbcjobstore/tables_postgres.sql"));
            var peer = new QuartzPeer(pool, URI.create(arguments[1]));
            serving = peer;
            peer.serve();
            peer.scheduler.shutdown();
        }
    }

    @Override
    void drain(int tasks) throws Exception {
        int now = round++;
        var due = new Date();
        Set<Trigger> triggers = new HashSet<>();
        IntStream.range(0, tasks)
                .mapToObj(i -> TriggerBuilder.newTrigger()
                        .forJob(job)
                        .withIdentity(now + "-" + i)
                        .startAt(due)
                        .withSchedule(SimpleScheduleBuilder.simpleSchedule())
                        .build())
                .forEach(triggers::add);
        scheduler.scheduleJob(job, triggers, true);
        // Planned for tables as they are now, it takes two to three times as many: whoever tunes it does that.
        execute(pool, "analyze qrtz_triggers; analyze qrtz_simple_triggers; analyze qrtz_fired_triggers");
        scheduler.start();
        awaitWork();
        awaitNone(pool, "select count(*) from qrtz_triggers");
        awaitNone(pool, "select count(*) from qrtz_fired_triggers");
        scheduler.standby();
    }

    /** Does the work of a trigger. */
    public static final class PostJob implements Job {
        @Override
        public void execute(JobExecutionContext context) {
            var peer = serving;
            if (peer == null) {
                throw new IllegalStateException("a trigger before the first round");
            }
            peer.work();
        }
    }

    private record Connections(HikariDataSource pool) implements ConnectionProvider {
        @Override
        public Connection getConnection() throws SQLException {
            return pool.getConnection();
        }

        @Override
        public void shutdown() {
            // the pool ends with the process
        }

        @Override
        public void initialize() {
            // the pool is open
        }
    }
}
