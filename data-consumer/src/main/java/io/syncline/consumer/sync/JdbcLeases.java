package io.syncline.consumer.sync;

import static io.syncline.consumer.store.JdbcTimes.toJdbc;

import io.syncline.consumer.store.Transactions;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What this instance holds, and the heartbeat that keeps it. A row that a transaction of our own has locked is left
 * alone: nobody can take it meanwhile.
 */
class JdbcLeases {

    private static final Logger LOG = LoggerFactory.getLogger(JdbcLeases.class);

    private static final String LOCK_FILE = """
            select fence from sync_file
            where job_id = :jobId and file_no = :fileNo and lease_owner = :owner and fence = :fence
            for update skip locked""";

    private static final String RENEW_FILE = """
            update sync_file set lease_until = :until
            where job_id = :jobId and file_no = :fileNo and lease_until is not null""";

    private static final String LOCK_JOB = """
            select fence from sync_job where job_id = :jobId and lease_owner = :owner and fence = :fence
            for update skip locked""";

    private static final String RENEW_JOB =
            "update sync_job set lease_until = :until where job_id = :jobId and lease_until is not null";

    private static final String CHECK_IN =
            "update consumer_instance set checked_in_at = :now where instance_id = :instance";

    private static final String FIRST_CHECK_IN =
            "insert into consumer_instance (instance_id, checked_in_at) values (:instance, :now)";

    private static final String LIVE =
            "select count(*) from consumer_instance where checked_in_at > :since or instance_id = :instance";

    private static final String FORGET = "delete from consumer_instance where checked_in_at < :before";

    private static final String SIGN_OFF = "delete from consumer_instance where instance_id = :instance";

    private static final Duration FORGOTTEN_AFTER = Duration.ofDays(1);

    private record Held(String jobId, int fileNo, long fence) {
        private static final int JOB = 0; // files count from 1
    }

    private final Set<Held> held = ConcurrentHashMap.newKeySet();
    private final Transactions transactions;
    private final JdbcClient jdbc;
    private final String instance;
    private final Duration lease;

    JdbcLeases(Transactions transactions, JdbcClient jdbc, String instance, Duration lease) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.instance = instance;
        this.lease = lease;
    }

    void hold(SyncFile file) {
        held.add(new Held(file.jobId(), file.fileNo(), file.fence()));
    }

    void hold(SyncJob job) {
        held.add(new Held(job.jobId(), Held.JOB, job.fence()));
    }

    void letGo(SyncFile file) {
        held.remove(new Held(file.jobId(), file.fileNo(), file.fence()));
    }

    void letGo(SyncJob job) {
        held.remove(new Held(job.jobId(), Held.JOB, job.fence()));
    }

    int liveInstances(Instant now) {
        return jdbc.sql(LIVE)
                .param("since", toJdbc(now.minus(lease)))
                .param("instance", instance)
                .query(Integer.class)
                .single();
    }

    /** Says that this instance lives, and renews all that it holds. */
    void renew() {
        transactions.run(this::checkIn);
        for (var one : held) {
            transactions.run(now -> renew(one, now));
        }
    }

    /** Leaves its part of the work to the others at once. */
    void signOff() {
        transactions.run(now -> jdbc.sql(SIGN_OFF).param("instance", instance).update());
    }

    private void checkIn(Instant now) {
        int known = jdbc.sql(CHECK_IN)
                .param("now", toJdbc(now))
                .param("instance", instance)
                .update();
        if (known == 0) {
            try {
                jdbc.sql(FIRST_CHECK_IN)
                        .param("instance", instance)
                        .param("now", toJdbc(now))
                        .update();
            } catch (DuplicateKeyException e) {
                throw new IllegalStateException(
                        "two processes use the instance id " + instance + " (syncline.consumer.instance-id)", e);
            }
            jdbc.sql(FORGET).param("before", toJdbc(now.minus(FORGOTTEN_AFTER))).update();
        }
    }

    private void renew(Held one, Instant now) {
        var until = toJdbc(now.plus(lease));
        if (one.fileNo() == Held.JOB) {
            var locked = jdbc.sql(LOCK_JOB)
                    .param("jobId", one.jobId())
                    .param("owner", instance)
                    .param("fence", one.fence())
                    .query(Long.class)
                    .optional();
            if (locked.isPresent()) {
                jdbc.sql(RENEW_JOB)
                        .param("until", until)
                        .param("jobId", one.jobId())
                        .update();
            }
            return;
        }
        var locked = jdbc.sql(LOCK_FILE)
                .param("jobId", one.jobId())
                .param("fileNo", one.fileNo())
                .param("owner", instance)
                .param("fence", one.fence())
                .query(Long.class)
                .optional();
        if (locked.isPresent()) {
            jdbc.sql(RENEW_FILE)
                    .param("until", until)
                    .param("jobId", one.jobId())
                    .param("fileNo", one.fileNo())
                    .update();
        } else {
            LOG.debug("file {} of job {} was not renewed: in a transaction, or lost", one.fileNo(), one.jobId());
        }
    }
}
