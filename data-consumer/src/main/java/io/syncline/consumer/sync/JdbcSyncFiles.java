package io.syncline.consumer.sync;

import static io.syncline.consumer.store.JdbcTimes.toJdbc;

import io.syncline.consumer.store.JdbcTimes;
import io.syncline.contracts.ExtractManifest.ExtractFile;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The files' rows and their merge commits. Every method runs in its caller's transaction. */
class JdbcSyncFiles {

    private static final String COLUMNS = """
            job_id, file_no, file_name, state, expected_rows, expected_bytes, expected_sha256, actual_rows,
            actual_sha256, fence, tries, inserted_rows, updated_rows, unchanged_rows, error_text, retryable""";

    private static final String INSERT = """
            insert into sync_file (job_id, file_no, file_name, state, expected_rows, expected_bytes, expected_sha256,
                                   due_at)
            values (:jobId, :fileNo, :name, 'PENDING', :rows, :bytes, :sha256, :now)""";

    private static final String OF_JOB = "select " + COLUMNS + " from sync_file where job_id = :jobId order by file_no";

    private static final String FIND =
            "select " + COLUMNS + " from sync_file where job_id = :jobId and file_no = :fileNo";

    private static final String CANDIDATES = """
            select f.job_id, f.file_no, f.state, j.state as job_state, j.phase_at, j.file_count
            from sync_file f join sync_job j on j.job_id = f.job_id
            where ((j.state = 'STAGING' and f.state in ('PENDING', 'STAGING'))
                or (j.state = 'MERGING' and f.state in ('STAGED', 'MERGING')))
              and f.due_at <= :now and (f.lease_until is null or f.lease_until <= :now)
            order by j.created_at, f.file_no""";

    private static final String TAKEN = """
            select count(*) from sync_file
            where job_id = :jobId and lease_owner = :owner
              and ((:jobState = 'STAGING' and state in ('STAGING', 'STAGED', 'FAILED'))
                or (:jobState = 'MERGING' and state in ('MERGING', 'MERGED')))""";

    private static final String LOCK = """
            select fence from sync_file
            where job_id = :jobId and file_no = :fileNo and state = :state and due_at <= :now
              and (lease_until is null or lease_until <= :now)
            for update skip locked""";

    private static final String CLAIM = """
            update sync_file set state = :state, lease_owner = :owner, lease_until = :until, fence = fence + 1
            where job_id = :jobId and file_no = :fileNo""";

    private static final String GUARD = """
            select fence from sync_file
            where job_id = :jobId and file_no = :fileNo and lease_owner = :owner and fence = :fence and state = :state
            for update""";

    private static final String STAGED = """
            update sync_file set state = 'STAGED', actual_rows = :rows, actual_sha256 = :sha256, lease_until = null,
                   tries = 0, error_text = null
            where job_id = :jobId and file_no = :fileNo""";

    private static final String MERGED = """
            update sync_file set state = 'MERGED', inserted_rows = :inserted, updated_rows = :updated,
                   unchanged_rows = :unchanged, lease_until = null, error_text = null
            where job_id = :jobId and file_no = :fileNo and fence = :fence""";

    private static final String MERGE_COMMIT = """
            insert into merge_commit (job_id, file_name, instance_id, fence, inserted_rows, updated_rows,
                                      unchanged_rows, merged_at)
            values (:jobId, :name, :owner, :fence, :inserted, :updated, :unchanged, :now)""";

    private static final String FAILED = """
            update sync_file set state = 'FAILED', actual_rows = :rows, actual_sha256 = :sha256, error_text = :error,
                   retryable = :retryable, lease_until = null
            where job_id = :jobId and file_no = :fileNo""";

    private static final String POSTPONE = """
            update sync_file set due_at = :dueAt, tries = tries + 1, error_text = :error, lease_until = null
            where job_id = :jobId and file_no = :fileNo""";

    private static final String SKIP =
            "update sync_file set state = 'SKIPPED', lease_until = null where job_id = :jobId";

    private static final String OPEN_MERGE =
            "update sync_file set lease_until = null, due_at = :now, tries = 0 where job_id = :jobId";

    private static final String MERGED_BY = """
            select instance_id, count(*) as files from merge_commit where job_id = :jobId
            group by instance_id order by instance_id""";

    private final JdbcClient jdbc;
    private final String instance;
    private final Duration lease;
    private final Duration shareGrace;

    JdbcSyncFiles(JdbcClient jdbc, String instance, Duration lease, Duration shareGrace) {
        this.jdbc = jdbc;
        this.instance = instance;
        this.lease = lease;
        this.shareGrace = shareGrace;
    }

    /** What a merge did to the target's rows. */
    record Merged(long inserted, long updated, long unchanged) {

        long rows() {
            return inserted + updated + unchanged;
        }
    }

    void insert(String jobId, List<ExtractFile> files, Instant now) {
        int fileNo = 0;
        for (var file : files) {
            jdbc.sql(INSERT)
                    .param("jobId", jobId)
                    .param("fileNo", ++fileNo)
                    .param("name", file.name())
                    .param("rows", file.rows())
                    .param("bytes", file.bytes())
                    .param("sha256", file.sha256())
                    .param("now", toJdbc(now))
                    .update();
        }
    }

    List<SyncFile> ofJob(String jobId) {
        return jdbc.sql(OF_JOB).param("jobId", jobId).query(JdbcSyncFiles::file).list();
    }

    private record Candidate(
            String jobId, int fileNo, FileState state, JobState jobState, Instant phaseAt, int fileCount) {}

    /**
     * Takes one file that is due and that nobody holds. While the files of a job are fresh, an instance takes no more
     * than its equal part of them, so that the others find theirs.
     */
    Optional<SyncFile> claim(IntSupplier liveInstances, Instant now) {
        var candidates = jdbc.sql(CANDIDATES)
                .withMaxRows(200)
                .param("now", toJdbc(now))
                .query((row, number) -> new Candidate(
                        row.getString("job_id"),
                        row.getInt("file_no"),
                        FileState.valueOf(row.getString("state")),
                        JobState.valueOf(row.getString("job_state")),
                        JdbcTimes.instant(row, "phase_at"),
                        row.getInt("file_count")))
                .list();
        if (candidates.isEmpty()) {
            return Optional.empty();
        }
        int live = liveInstances.getAsInt();
        Map<String, Boolean> mayTake = new HashMap<>();
        for (var candidate : candidates) {
            if (mayTake.computeIfAbsent(candidate.jobId(), jobId -> isMine(candidate, live, now))
                    && lock(candidate, now)) {
                return Optional.of(take(candidate, now));
            }
        }
        return Optional.empty();
    }

    private boolean isMine(Candidate candidate, int liveInstances, Instant now) {
        if (liveInstances < 2 || !now.isBefore(candidate.phaseAt().plus(shareGrace))) {
            return true;
        }
        int part = (candidate.fileCount() + liveInstances - 1) / liveInstances;
        long taken = jdbc.sql(TAKEN)
                .param("jobId", candidate.jobId())
                .param("owner", instance)
                .param("jobState", candidate.jobState().name())
                .query(Long.class)
                .single();
        return taken < part;
    }

    private boolean lock(Candidate candidate, Instant now) {
        return jdbc.sql(LOCK)
                .param("jobId", candidate.jobId())
                .param("fileNo", candidate.fileNo())
                .param("state", candidate.state().name())
                .param("now", toJdbc(now))
                .query(Long.class)
                .optional()
                .isPresent();
    }

    private SyncFile take(Candidate candidate, Instant now) {
        var state = candidate.jobState() == JobState.STAGING ? FileState.STAGING : FileState.MERGING;
        jdbc.sql(CLAIM)
                .param("state", state.name())
                .param("owner", instance)
                .param("until", toJdbc(now.plus(lease)))
                .param("jobId", candidate.jobId())
                .param("fileNo", candidate.fileNo())
                .update();
        return jdbc.sql(FIND)
                .param("jobId", candidate.jobId())
                .param("fileNo", candidate.fileNo())
                .query(JdbcSyncFiles::file)
                .single();
    }

    /** Locks the file's row to the end of the transaction, or refuses a stale holder. */
    void guard(SyncFile file) {
        var held = jdbc.sql(GUARD)
                .param("jobId", file.jobId())
                .param("fileNo", file.fileNo())
                .param("owner", instance)
                .param("fence", file.fence())
                .param("state", file.state().name())
                .query(Long.class)
                .optional();
        if (held.isEmpty()) {
            throw new LeaseLostException("file " + file.name() + " of job " + file.jobId(), file.fence());
        }
    }

    void staged(SyncFile file, long rows, String sha256) {
        jdbc.sql(STAGED)
                .param("rows", rows)
                .param("sha256", sha256)
                .param("jobId", file.jobId())
                .param("fileNo", file.fileNo())
                .update();
    }

    /** Ends the file; the merge commit's key makes sure that it happens once. */
    void merged(SyncFile file, Merged merged, Instant now) {
        jdbc.sql(MERGE_COMMIT)
                .param("jobId", file.jobId())
                .param("name", file.name())
                .param("owner", instance)
                .param("fence", file.fence())
                .param("inserted", merged.inserted())
                .param("updated", merged.updated())
                .param("unchanged", merged.unchanged())
                .param("now", toJdbc(now))
                .update();
        int moved = jdbc.sql(MERGED)
                .param("inserted", merged.inserted())
                .param("updated", merged.updated())
                .param("unchanged", merged.unchanged())
                .param("jobId", file.jobId())
                .param("fileNo", file.fileNo())
                .param("fence", file.fence())
                .update();
        if (moved != 1) {
            throw new LeaseLostException("file " + file.name() + " of job " + file.jobId(), file.fence());
        }
    }

    void failed(
            SyncFile file,
            @Nullable Long actualRows,
            @Nullable String actualSha256,
            @Nullable String error,
            boolean retryable) {
        jdbc.sql(FAILED)
                .param("rows", actualRows, Types.BIGINT)
                .param("sha256", actualSha256, Types.VARCHAR)
                .param("error", Texts.storable(error), Types.VARCHAR)
                .param("retryable", retryable ? 1 : 0)
                .param("jobId", file.jobId())
                .param("fileNo", file.fileNo())
                .update();
    }

    /** Gives the file back, to be tried again later. */
    void postpone(SyncFile file, @Nullable String error, Instant dueAt) {
        jdbc.sql(POSTPONE)
                .param("dueAt", toJdbc(dueAt))
                .param("error", Texts.storable(error), Types.VARCHAR)
                .param("jobId", file.jobId())
                .param("fileNo", file.fileNo())
                .update();
    }

    void skipAll(String jobId) {
        jdbc.sql(SKIP).param("jobId", jobId).update();
    }

    void openMerge(String jobId, Instant now) {
        jdbc.sql(OPEN_MERGE).param("now", toJdbc(now)).param("jobId", jobId).update();
    }

    /** How many files each instance merged. */
    Map<String, Long> mergedBy(String jobId) {
        Map<String, Long> files = new LinkedHashMap<>();
        jdbc.sql(MERGED_BY)
                .param("jobId", jobId)
                .query((row, number) -> files.put(row.getString("instance_id"), row.getLong("files")))
                .list();
        return files;
    }

    private static SyncFile file(ResultSet row, int number) throws SQLException {
        long actualRows = row.getLong("actual_rows");
        Long knownRows = row.wasNull() ? null : actualRows;
        return new SyncFile(
                row.getString("job_id"),
                row.getInt("file_no"),
                new ExtractFile(
                        row.getString("file_name"),
                        row.getLong("expected_rows"),
                        row.getLong("expected_bytes"),
                        row.getString("expected_sha256")),
                FileState.valueOf(row.getString("state")),
                knownRows,
                row.getString("actual_sha256"),
                row.getLong("fence"),
                row.getInt("tries"),
                row.getLong("inserted_rows"),
                row.getLong("updated_rows"),
                row.getLong("unchanged_rows"),
                row.getString("error_text"),
                row.getInt("retryable") == 1);
    }
}
