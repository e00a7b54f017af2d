package io.syncline.consumer.sync;

import io.syncline.contracts.Reconciliation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Compares rows of source and target by key and content. Both sides are laid down in the database, so memory stays flat
 * however many rows there are. Every method runs in its caller's transaction.
 */
class JdbcReconciliations {

    private static final String CLEAR = "delete from reconcile_row where job_id = :jobId";

    private static final String ADD =
            "insert into reconcile_row (job_id, row_side, row_key, content_hash) values (?, ?, ?, ?)";

    // One pass over the rows of both sides, whatever the optimiser knows of the table: A comes before E, so a key with
    // the lowest side E is in the source alone, and one with the highest side A is in the target alone.
    private static final String KEYS = """
            (select row_key, min(row_side) as low_side, max(row_side) as high_side,
                    min(content_hash) as low_hash, max(content_hash) as high_hash
             from reconcile_row where job_id = :jobId group by row_key) k""";

    private static final String MISSING = "low_side = 'E'";
    private static final String UNEXPECTED = "high_side = 'A'";
    private static final String DIFFERENT = "low_side <> high_side and low_hash <> high_hash";

    private static final String COMPARE = """
            select coalesce(sum(case when %s then 1 else 0 end), 0) as missing,
                   coalesce(sum(case when %s then 1 else 0 end), 0) as unexpected,
                   coalesce(sum(case when %s then 1 else 0 end), 0) as differing
            from %s""".formatted(MISSING, UNEXPECTED, DIFFERENT, KEYS);

    private final JdbcClient jdbc;
    private final JdbcTemplate template;

    JdbcReconciliations(JdbcClient jdbc, JdbcTemplate template) {
        this.jdbc = jdbc;
        this.template = template;
    }

    enum Side {
        EXPECTED("E"),
        ACTUAL("A");

        private final String code;

        Side(String code) {
            this.code = code;
        }
    }

    record Hashed(String key, String contentHash) {}

    /** The numbers, and some of the keys behind each. */
    record Comparison(Reconciliation reconciliation, Map<String, List<String>> sampleKeys) {}

    void clear(String jobId) {
        jdbc.sql(CLEAR).param("jobId", jobId).update();
    }

    void add(String jobId, Side side, List<Hashed> rows) {
        template.batchUpdate(ADD, rows, rows.size(), (statement, row) -> {
            statement.setString(1, jobId);
            statement.setString(2, side.code);
            statement.setString(3, row.key());
            statement.setString(4, row.contentHash());
        });
    }

    private record Numbers(long missing, long unexpected, long different) {}

    /**
     * @param expectedRows as the manifest says
     * @param actualRows of the target, of which those laid down may be a part
     */
    Comparison compare(String jobId, long expectedRows, long actualRows, int sampleKeys) {
        var numbers = jdbc.sql(COMPARE)
                .param("jobId", jobId)
                .query((row, number) ->
                        new Numbers(row.getLong("missing"), row.getLong("unexpected"), row.getLong("differing")))
                .single();
        Map<String, List<String>> samples = new LinkedHashMap<>();
        samples.put("missing", keys(jobId, MISSING, numbers.missing(), sampleKeys));
        samples.put("unexpected", keys(jobId, UNEXPECTED, numbers.unexpected(), sampleKeys));
        samples.put("different", keys(jobId, DIFFERENT, numbers.different(), sampleKeys));
        var reconciliation = new Reconciliation(
                expectedRows, actualRows, numbers.missing(), numbers.unexpected(), numbers.different());
        return new Comparison(reconciliation, samples);
    }

    private List<String> keys(String jobId, String condition, long rows, int sampleKeys) {
        if (rows == 0 || sampleKeys == 0) {
            return List.of();
        }
        return jdbc.sql("select row_key from %s where %s order by row_key".formatted(KEYS, condition))
                .withMaxRows(sampleKeys)
                .param("jobId", jobId)
                .query(String.class)
                .list();
    }
}
