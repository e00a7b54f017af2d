package io.syncline.provider.imports;

import io.syncline.provider.store.JdbcTimes;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The table {@code dataset_import}: the history of imports. */
@Repository
class JdbcImports {

    private static final String INSERT = """
            insert into dataset_import (import_id, dataset_name, as_of, imported_at, row_count, inserted_rows,
                   updated_rows, deleted_rows, unchanged_rows, body_sha256, body_bytes, message_id, imported_by)
            values (:id, :dataset, :asOf, :importedAt, :rows, :inserted,
                   :updated, :deleted, :unchanged, :sha256, :bytes, :messageId, :by)
            """;

    private final JdbcClient jdbc;

    JdbcImports(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    void insert(ImportAnswer answer, String by) {
        jdbc.sql(INSERT)
                .param("id", answer.importId())
                .param("dataset", answer.dataset())
                .param("asOf", JdbcTimes.toJdbc(answer.asOf()))
                .param("importedAt", JdbcTimes.toJdbc(answer.importedAt()))
                .param("rows", answer.rows())
                .param("inserted", answer.inserted())
                .param("updated", answer.updated())
                .param("deleted", answer.deleted())
                .param("unchanged", answer.unchanged())
                .param("sha256", answer.sha256())
                .param("bytes", answer.bytes())
                .param("messageId", answer.messageId())
                .param("by", by)
                .update();
    }
}
