package io.syncline.consumer.users;

import static io.syncline.consumer.store.JdbcTimes.toJdbc;

import io.syncline.consumer.store.JdbcTimes;
import io.syncline.contracts.ExtractManifest;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What a generation is filled from, and how far. Every method runs in its caller's transaction. */
class JdbcGenerationSources {

    private static final String ADD = """
            insert into generation_source (generation, dataset, opened_seq, extract_no, files_filled, rows_filled)
            values (:generation, :dataset, :seq, 1, 0, 0)""";

    private static final String FIND = """
            select dataset, opened_seq, extract_no, extract_id, ready_at, changes_cursor, expected_rows, file_count,
                   files_filled, rows_filled
            from generation_source where generation = :generation order by dataset""";

    private static final String ORDERED = """
            update generation_source set extract_id = :extractId where generation = :generation and dataset = :dataset""";

    private static final String FORGOTTEN = """
            update generation_source set extract_id = null, extract_no = extract_no + 1, ready_at = null,
                   changes_cursor = null, expected_rows = null, file_count = null, files_filled = 0, rows_filled = 0
            where generation = :generation and dataset = :dataset""";

    private static final String READY = """
            update generation_source set ready_at = :now, changes_cursor = :cursor, expected_rows = :rows,
                   file_count = :files
            where generation = :generation and dataset = :dataset and ready_at is null""";

    private static final String FILLED = """
            update generation_source set files_filled = files_filled + 1, rows_filled = rows_filled + :rows
            where generation = :generation and dataset = :dataset and files_filled = :before""";

    private final JdbcClient jdbc;

    JdbcGenerationSources(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * @param openedSeq the highest number that was applied when the generation was opened: its changes are in every
     *     extract that was ordered later, so rows of the extract count as changes of this number
     * @param readyAt when the extract was first seen READY: it holds nothing that was committed later
     * @param changesCursor where the feed goes on behind the extract
     */
    record Source(
            String dataset,
            long openedSeq,
            int extractNo,
            @Nullable String extractId,
            @Nullable Instant readyAt,
            @Nullable String changesCursor,
            long expectedRows,
            int fileCount,
            int filesFilled,
            long rowsFilled) {

        boolean isFilled() {
            return readyAt != null && filesFilled == fileCount;
        }
    }

    void add(long generation, String dataset, long openedSeq) {
        jdbc.sql(ADD)
                .param("generation", generation)
                .param("dataset", dataset)
                .param("seq", openedSeq)
                .update();
    }

    List<Source> of(long generation) {
        return jdbc.sql(FIND)
                .param("generation", generation)
                .query((row, number) -> new Source(
                        row.getString("dataset"),
                        row.getLong("opened_seq"),
                        row.getInt("extract_no"),
                        row.getString("extract_id"),
                        JdbcTimes.instantOrNull(row, "ready_at"),
                        row.getString("changes_cursor"),
                        row.getLong("expected_rows"),
                        row.getInt("file_count"),
                        row.getInt("files_filled"),
                        row.getLong("rows_filled")))
                .list();
    }

    void ordered(long generation, String dataset, String extractId) {
        jdbc.sql(ORDERED)
                .param("extractId", extractId)
                .param("generation", generation)
                .param("dataset", dataset)
                .update();
    }

    /** The provider forgot the extract or could not make it: the next one is ordered anew. */
    void forgotten(long generation, String dataset) {
        jdbc.sql(FORGOTTEN)
                .param("generation", generation)
                .param("dataset", dataset)
                .update();
    }

    void ready(long generation, String dataset, ExtractManifest manifest, Instant now) {
        jdbc.sql(READY)
                .param("now", toJdbc(now))
                .param("cursor", manifest.changes())
                .param(
                        "rows",
                        manifest.files().stream().mapToLong(file -> file.rows()).sum())
                .param("files", manifest.files().size())
                .param("generation", generation)
                .param("dataset", dataset)
                .update();
    }

    void filled(long generation, String dataset, int filesBefore, long rows) {
        jdbc.sql(FILLED)
                .param("rows", rows)
                .param("generation", generation)
                .param("dataset", dataset)
                .param("before", filesBefore)
                .update();
    }
}
