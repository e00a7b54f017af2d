package io.syncline.consumer.sync;

import io.syncline.contracts.Reconciliation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Compares source and target by key and content. Both sides are laid down in the database, so memory stays flat however
 * many rows there are. Every method runs in its caller's transaction.
 */
class JdbcReconciliations {

    private static final String CLEAR = "delete from reconcile_row where job_id = :jobId";

    private static final String ADD =
            "insert into reconcile_row (job_id, row_side, row_key, content_hash) values (?, ?, ?, ?)";

    private static final String COUNT = "select count(*) from reconcile_row where job_id = :jobId and row_side = :side";

    // :side E finds what the target lacks, A what the source lacks.
    private static final String ALONE = """
            from reconcile_row r
            where r.job_id = :jobId and r.row_side = :side
              and not exists (select 1 from reconcile_row o
                              where o.job_id = r.job_id and o.row_side = :other and o.row_key = r.row_key)""";

    private static final String DIFFERENT = """
            from reconcile_row r
            join reconcile_row o on o.job_id = r.job_id and o.row_side = 'A' and o.row_key = r.row_key
            where r.job_id = :jobId and r.row_side = 'E' and o.content_hash <> r.content_hash""";

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

    long count(String jobId, Side side) {
        return jdbc.sql(COUNT)
                .param("jobId", jobId)
                .param("side", side.code)
                .query(Long.class)
                .single();
    }

    /** @param expectedRows as the manifest says */
    Comparison compare(String jobId, long expectedRows, int sampleKeys) {
        var missing = alone("select count(*) ", jobId, Side.EXPECTED, Side.ACTUAL)
                .query(Long.class)
                .single();
        var unexpected = alone("select count(*) ", jobId, Side.ACTUAL, Side.EXPECTED)
                .query(Long.class)
                .single();
        var different = jdbc.sql("select count(*) " + DIFFERENT)
                .param("jobId", jobId)
                .query(Long.class)
                .single();
        Map<String, List<String>> samples = new LinkedHashMap<>();
        if (sampleKeys > 0) {
            samples.put("missing", missing == 0 ? List.of() : aloneKeys(jobId, Side.EXPECTED, Side.ACTUAL, sampleKeys));
            samples.put(
                    "unexpected",
                    unexpected == 0 ? List.of() : aloneKeys(jobId, Side.ACTUAL, Side.EXPECTED, sampleKeys));
            samples.put(
                    "different",
                    different == 0
                            ? List.of()
                            : jdbc.sql("select r.row_key " + DIFFERENT + " order by r.row_key")
                                    .withMaxRows(sampleKeys)
                                    .param("jobId", jobId)
                                    .query(String.class)
                                    .list());
        }
        return new Comparison(
                new Reconciliation(expectedRows, count(jobId, Side.ACTUAL), missing, unexpected, different), samples);
    }

    private List<String> aloneKeys(String jobId, Side side, Side other, int sampleKeys) {
        return jdbc.sql("select r.row_key " + ALONE + " order by r.row_key")
                .withMaxRows(sampleKeys)
                .param("jobId", jobId)
                .param("side", side.code)
                .param("other", other.code)
                .query(String.class)
                .list();
    }

    private JdbcClient.StatementSpec alone(String select, String jobId, Side side, Side other) {
        return jdbc.sql(select + ALONE)
                .param("jobId", jobId)
                .param("side", side.code)
                .param("other", other.code);
    }
}
