package io.syncline.consumer.sync;

import static io.syncline.consumer.store.JdbcTimes.toJdbc;

import io.syncline.consumer.store.JdbcTimes;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Which extract each target table holds, and which job alone may write it now. Every method runs in its caller's
 * transaction.
 */
class JdbcDatasetStates {

    private static final String FIND =
            "select as_of, held_rows, holder_job from dataset_state where dataset = :dataset";

    private static final String ALL = "select dataset, as_of, held_rows, holder_job, updated_at from dataset_state";

    private static final String LOCK = FIND + " for update";

    private static final String INSERT = "insert into dataset_state (dataset, updated_at) values (:dataset, :now)";

    private static final String TAKE = """
            update dataset_state set holder_job = :jobId, as_of = :asOf, extract_id = :extractId, held_rows = :rows,
                   updated_at = :now
            where dataset = :dataset""";

    private static final String RELEASE =
            "update dataset_state set holder_job = null, updated_at = :now where holder_job = :jobId";

    private final JdbcClient jdbc;

    JdbcDatasetStates(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * @param asOf of the extract that the target holds, or was last being brought to
     * @param heldRows of that extract
     * @param holderJob the job that writes the target now
     */
    record DatasetState(
            @Nullable Instant asOf, long heldRows, @Nullable String holderJob) {

        boolean isLaterThan(Instant other) {
            return asOf != null && asOf.isAfter(other);
        }
    }

    /** As it is listed. */
    record Listed(String dataset, DatasetState state, Instant updatedAt) {}

    List<Listed> all() {
        return jdbc.sql(ALL)
                .query((row, number) ->
                        new Listed(row.getString("dataset"), state(row), JdbcTimes.instant(row, "updated_at")))
                .list();
    }

    private static DatasetState state(ResultSet row) throws SQLException {
        return new DatasetState(
                JdbcTimes.instantOrNull(row, "as_of"), row.getLong("held_rows"), row.getString("holder_job"));
    }

    Optional<DatasetState> find(String dataset) {
        return read(FIND, dataset);
    }

    /** Makes sure that the dataset has its row; in a transaction of its own. */
    void introduce(String dataset, Instant now) {
        if (find(dataset).isEmpty()) {
            jdbc.sql(INSERT).param("dataset", dataset).param("now", toJdbc(now)).update();
        }
    }

    DatasetState lock(String dataset) {
        return read(LOCK, dataset)
                .orElseThrow(() -> new IllegalStateException("dataset " + dataset + " was never introduced"));
    }

    void take(String dataset, SyncJob job, Instant now) {
        jdbc.sql(TAKE)
                .param("jobId", job.jobId())
                .param("asOf", toJdbc(job.knownAsOf()))
                .param("extractId", job.knownExtractId())
                .param("rows", job.expectedRows())
                .param("now", toJdbc(now))
                .param("dataset", dataset)
                .update();
    }

    void release(SyncJob job, Instant now) {
        jdbc.sql(RELEASE).param("now", toJdbc(now)).param("jobId", job.jobId()).update();
    }

    private Optional<DatasetState> read(String sql, String dataset) {
        return jdbc.sql(sql)
                .param("dataset", dataset)
                .query((row, number) -> state(row))
                .optional();
    }
}
