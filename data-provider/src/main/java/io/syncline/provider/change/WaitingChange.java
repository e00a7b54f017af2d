package io.syncline.provider.change;

import io.syncline.contracts.ChangeEvent.Operation;
import io.syncline.provider.dataset.Dataset;
import io.syncline.provider.dataset.RowId;
import io.syncline.provider.dataset.RowJson;
import io.syncline.provider.store.Ids;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * A change that has no number yet.
 *
 * @param before the row as JSON, as a single row is served
 */
record WaitingChange(
        String id,
        String dataset,
        String table,
        Operation operation,
        String key,
        @Nullable String before,
        @Nullable String after) {

    private static final JsonMapper JSON = JsonMapper.shared();

    /** @throws IllegalArgumentException when there is no row at all, or its key differs */
    static WaitingChange of(
            Dataset dataset, @Nullable String @Nullable [] before, @Nullable String @Nullable [] after) {
        var row = after != null ? after : before;
        if (row == null) {
            throw new IllegalArgumentException("A change of dataset " + dataset.name() + " has no row");
        }
        var key = key(dataset, row);
        if (before != null && !key.equals(key(dataset, before))) {
            throw new IllegalArgumentException("The key of a row of dataset " + dataset.name()
                    + " does not change: the one is DELETED and the other CREATED");
        }
        var operation = before == null ? Operation.CREATED : after == null ? Operation.DELETED : Operation.UPDATED;
        return new WaitingChange(
                Ids.next(),
                dataset.name(),
                dataset.tableName(),
                operation,
                key,
                json(dataset, before),
                json(dataset, after));
    }

    private static String key(Dataset dataset, @Nullable String[] cells) {
        var parts = new ArrayList<String>();
        Arrays.stream(dataset.keyPositions()).forEach(position -> {
            var part = cells[position];
            parts.add(part == null ? "" : part);
        });
        // As in the path of a single row: one column stands as it is.
        return parts.size() == 1 ? parts.get(0) : RowId.write(parts);
    }

    private static @Nullable String json(Dataset dataset, @Nullable String @Nullable [] cells) {
        if (cells == null) {
            return null;
        }
        var text = new StringWriter();
        try (var generator = JSON.createGenerator(text)) {
            RowJson.write(generator, dataset.columns(), cells);
        }
        return text.toString();
    }
}
