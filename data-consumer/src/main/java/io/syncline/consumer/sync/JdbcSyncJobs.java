package io.syncline.consumer.sync;

import static io.syncline.consumer.store.JdbcTimes.toJdbc;
import static io.syncline.consumer.store.JdbcTimes.toJdbcOrNull;

import io.syncline.consumer.store.JdbcTimes;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The jobs' rows. Every method runs in its caller's transaction. */
class JdbcSyncJobs {

    private static final String COLUMNS = """
            job_id, idempotency_key, dataset, state, extract_id, as_of, column_names, expected_rows, fence, tries,
            deleted_rows, error_text, created_at, phase_at""";

    private static final String INSERT = """
            insert into sync_job (job_id, idempotency_key, dataset, state, due_at, created_at, phase_at)
            values (:jobId, :key, :dataset, 'REQUESTED', :now, :now, :now)""";

    private static final String FIND_BY_KEY = "select " + COLUMNS + " from sync_job where idempotency_key = :key";

    private static final String FIND = "select " + COLUMNS + " from sync_job where job_id = :jobId";

    // A job in STAGING or MERGING is a job worker's only when no file of it is open any more.
    private static final String CANDIDATES = """
            select j.job_id from sync_job j
            where j.cleaned = 0 and j.due_at <= :now and (j.lease_until is null or j.lease_until <= :now)
              and (j.state not in ('STAGING', 'MERGING')
                   or not exists (select 1 from sync_file f where f.job_id = j.job_id
                                  and ((j.state = 'STAGING' and f.state in ('PENDING', 'STAGING'))
                                    or (j.state = 'MERGING' and f.state in ('STAGED', 'MERGING')))))
            order by j.due_at""";

    private static final String LOCK = """
            select fence from sync_job
            where job_id = :jobId and cleaned = 0 and due_at <= :now and (lease_until is null or lease_until <= :now)
            for update skip locked""";

    private static final String CLAIM = """
            update sync_job set lease_owner = :owner, lease_until = :until, fence = fence + 1
            where job_id = :jobId""";

    private static final String GUARD = """
            select fence from sync_job where job_id = :jobId and lease_owner = :owner and fence = :fence
            for update""";

    private static final String NAME_EXTRACT = "update sync_job set extract_id = :extractId where job_id = :jobId";

    private static final String PLAN = """
            update sync_job set as_of = :asOf, column_names = :columns, expected_rows = :rows, file_count = :files
            where job_id = :jobId""";

    private static final String MOVE = """
            update sync_job set state = :state, phase_at = :now, due_at = :dueAt, tries = 0, lease_until = null
            where job_id = :jobId""";

    private static final String POSTPONE = """
            update sync_job set due_at = :dueAt, tries = :tries, lease_until = null
            where job_id = :jobId""";

    private static final String END = """
            update sync_job set state = :state, phase_at = :now, ended_at = :now, due_at = :now, tries = 0,
                   lease_until = null, error_text = :error
            where job_id = :jobId""";

    private static final String DELETED = "update sync_job set deleted_rows = :deleted where job_id = :jobId";

    private static final String CLEANED = "update sync_job set cleaned = 1, lease_until = null where job_id = :jobId";

    private static final String MAY_REPORT = """
            update sync_job set reported_at = :now
            where job_id = :jobId and state in ('STAGING', 'MERGING')
              and (reported_at is null or reported_at <= :before)""";

    private final JdbcClient jdbc;
    private final String instance;
    private final Duration lease;

    JdbcSyncJobs(JdbcClient jdbc, String instance, Duration lease) {
        this.jdbc = jdbc;
        this.instance = instance;
        this.lease = lease;
    }

    /** @throws DuplicateKeyException when the key has a job already */
    void insert(String jobId, String idempotencyKey, String dataset, Instant now) {
        jdbc.sql(INSERT)
                .param("jobId", jobId)
                .param("key", idempotencyKey)
                .param("dataset", dataset)
                .param("now", toJdbc(now))
                .update();
    }

    Optional<SyncJob> findByKey(String idempotencyKey) {
        return jdbc.sql(FIND_BY_KEY)
                .param("key", idempotencyKey)
                .query(JdbcSyncJobs::job)
                .optional();
    }

    SyncJob get(String jobId) {
        return jdbc.sql(FIND).param("jobId", jobId).query(JdbcSyncJobs::job).single();
    }

    /** Takes the job that is due longest and that nobody holds. */
    Optional<SyncJob> claim(Instant now) {
        var candidates = jdbc.sql(CANDIDATES)
                .withMaxRows(20)
                .param("now", toJdbc(now))
                .query(String.class)
                .list();
        for (var jobId : candidates) {
            var locked = jdbc.sql(LOCK)
                    .param("jobId", jobId)
                    .param("now", toJdbc(now))
                    .query(Long.class)
                    .optional();
            if (locked.isPresent()) {
                jdbc.sql(CLAIM)
                        .param("owner", instance)
                        .param("until", toJdbc(now.plus(lease)))
                        .param("jobId", jobId)
                        .update();
                return Optional.of(get(jobId));
            }
        }
        return Optional.empty();
    }

    /** Locks the job's row to the end of the transaction, or refuses a stale holder. */
    void guard(SyncJob job) {
        var held = jdbc.sql(GUARD)
                .param("jobId", job.jobId())
                .param("owner", instance)
                .param("fence", job.fence())
                .query(Long.class)
                .optional();
        if (held.isEmpty()) {
            throw new LeaseLostException("job " + job.jobId(), job.fence());
        }
    }

    void nameExtract(SyncJob job, String extractId) {
        jdbc.sql(NAME_EXTRACT)
                .param("extractId", extractId)
                .param("jobId", job.jobId())
                .update();
    }

    void plan(SyncJob job, Instant asOf, List<String> columns, long rows, int files) {
        jdbc.sql(PLAN)
                .param("asOf", toJdbc(asOf))
                .param("columns", String.join(",", columns))
                .param("rows", rows)
                .param("files", files)
                .param("jobId", job.jobId())
                .update();
    }

    void move(SyncJob job, JobState to, Instant dueAt, Instant now) {
        jdbc.sql(MOVE)
                .param("state", to.name())
                .param("now", toJdbc(now))
                .param("dueAt", toJdbc(dueAt))
                .param("jobId", job.jobId())
                .update();
    }

    /** Gives the job back, to be taken up again later. */
    void postpone(SyncJob job, Instant dueAt, int tries) {
        jdbc.sql(POSTPONE)
                .param("dueAt", toJdbc(dueAt))
                .param("tries", tries)
                .param("jobId", job.jobId())
                .update();
    }

    void end(SyncJob job, JobState to, @Nullable String error, Instant now) {
        jdbc.sql(END)
                .param("state", to.name())
                .param("now", toJdbc(now))
                .param("error", Texts.storable(error), Types.VARCHAR)
                .param("jobId", job.jobId())
                .update();
    }

    void deleted(SyncJob job, long rows) {
        jdbc.sql(DELETED).param("deleted", rows).param("jobId", job.jobId()).update();
    }

    void cleaned(SyncJob job) {
        jdbc.sql(CLEANED).param("jobId", job.jobId()).update();
    }

    /** Whether the last progress report is long enough ago, and if so notes a new one. */
    boolean mayReport(String jobId, Duration between, Instant now) {
        return jdbc.sql(MAY_REPORT)
                        .param("now", toJdbc(now))
                        .param("before", toJdbcOrNull(now.minus(between)))
                        .param("jobId", jobId)
                        .update()
                == 1;
    }

    private static SyncJob job(ResultSet row, int number) throws SQLException {
        var columns = row.getString("column_names");
        return new SyncJob(
                row.getString("job_id"),
                row.getString("idempotency_key"),
                row.getString("dataset"),
                JobState.valueOf(row.getString("state")),
                row.getString("extract_id"),
                JdbcTimes.instantOrNull(row, "as_of"),
                columns == null ? List.of() : List.of(columns.split(",")),
                row.getLong("expected_rows"),
                row.getLong("fence"),
                row.getInt("tries"),
                row.getLong("deleted_rows"),
                row.getString("error_text"),
                JdbcTimes.instant(row, "created_at"),
                JdbcTimes.instant(row, "phase_at"));
    }
}
