package io.syncline.provider.dataset;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Single rows by their key. */
@Repository
class Rows {

    private final JdbcClient jdbc;
    private final Map<String, String> statements = new ConcurrentHashMap<>();

    Rows(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** An id that cannot be a key of this table, such as a word where the key is a number, is simply not there. */
    Optional<@Nullable String[]> find(Dataset dataset, String id) {
        var parts = RowId.read(id, dataset.key().size());
        if (!dataset.hasKey() || parts.size() != dataset.key().size() || id.indexOf('\0') >= 0) {
            return Optional.empty();
        }
        var statement = jdbc.sql(
                statements.computeIfAbsent(dataset.name(), name -> dataset.sql().selectByKey()));
        for (int i = 0; i < parts.size(); i++) {
            try {
                var content = dataset.key().get(i).comparable(parts.get(i));
                if (content.isEmpty()) {
                    return Optional.empty();
                }
                statement = statement.param(content.get());
            } catch (IllegalArgumentException noKey) {
                return Optional.empty();
            }
        }
        return statement
                .query((row, number) -> Cells.read(row, dataset.columns()))
                .optional();
    }
}
