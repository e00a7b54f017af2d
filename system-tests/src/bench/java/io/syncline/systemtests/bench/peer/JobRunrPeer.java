package io.syncline.systemtests.bench.peer;

import com.zaxxer.hikari.HikariDataSource;
import java.net.URI;
import java.time.Duration;
import java.util.stream.IntStream;
import org.jobrunr.configuration.JobRunr;
import org.jobrunr.jobs.lambdas.JobRequest;
import org.jobrunr.jobs.lambdas.JobRequestHandler;
import org.jobrunr.scheduling.BackgroundJobRequest;
import org.jobrunr.server.BackgroundJobServer;
import org.jobrunr.server.BackgroundJobServerConfiguration;
import org.jobrunr.server.JobActivator;
import org.jobrunr.storage.sql.postgres.PostgresStorageProvider;
import org.jspecify.annotations.Nullable;

/** JobRunr: enqueued jobs, 100 workers, polled each 5 s, which is the least, a pool of 20. */
public final class JobRunrPeer extends Peer {

    private static final int WORKERS = 100;
    private static final int CONNECTIONS = 20;

    private static volatile @Nullable JobRunrPeer serving;

    private final HikariDataSource pool;
    private final BackgroundJobServer server;
    private boolean started;

    private JobRunrPeer(HikariDataSource pool, URI sink) {
        super(PostClient.JDK, sink);
        this.pool = pool;
        var configuration = BackgroundJobServerConfiguration.usingStandardBackgroundJobServerConfiguration()
                .andWorkerCount(WORKERS)
                .andPollInterval(Duration.ofSeconds(5));
        JobRunr.configure()
                .useJobActivator(new Activator())
                .useStorageProvider(new PostgresStorageProvider(pool))
                .useBackgroundJobServer(configuration, false)
                .initialize();
        server = JobRunr.getBackgroundJobServer();
    }

    /** Arguments: JDBC URL, URL of the sink. */
    public static void main(String[] arguments) throws Exception {
        try (var pool = pool(arguments, CONNECTIONS)) {
            var peer = new JobRunrPeer(pool, URI.create(arguments[1]));
            serving = peer;
            peer.serve();
        }
        System.exit(0);
    }

    @Override
    void drain(int tasks) throws Exception {
        BackgroundJobRequest.enqueue(IntStream.range(0, tasks).mapToObj(i -> new PostRequest()));
        if (started) {
            server.resumeProcessing();
        } else {
            server.start();
            started = true;
        }
        awaitWork();
        awaitNone(pool, "select count(*) from jobrunr_jobs where state in ('ENQUEUED', 'PROCESSING')");
        server.pauseProcessing();
    }

    /** One job. */
    public static final class PostRequest implements JobRequest {
        @Override
        public Class<Handler> getJobRequestHandler() {
            return Handler.class;
        }
    }

    /** Does the work of a job. */
    public static final class Handler implements JobRequestHandler<PostRequest> {
        @Override
        public void run(PostRequest request) {
            var peer = serving;
            if (peer == null) {
                throw new IllegalStateException("a job before the first round");
            }
            peer.work();
        }
    }

    private static final class Activator implements JobActivator {
        @Override
        public <T> T activateJob(Class<T> type) {
            return type.cast(new Handler());
        }
    }
}
