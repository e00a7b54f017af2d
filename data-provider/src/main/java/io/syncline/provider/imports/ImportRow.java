package io.syncline.provider.imports;

import io.syncline.provider.dataset.Dataset;
import io.syncline.provider.dataset.RowId;
import io.syncline.provider.store.Sha256;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/**
 * A record of the body.
 *
 * @param line where it begins, from 1
 * @param cells in the order of the dataset's columns, as the table would give them back; null for empty
 */
record ImportRow(long line, @Nullable String[] cells) {

    /** The key as one text. */
    String id(Dataset dataset) {
        var parts = new ArrayList<String>();
        for (int position : dataset.keyPositions()) {
            var part = cells[position];
            parts.add(part == null ? "" : part);
        }
        return RowId.write(parts);
    }

    static String hash(String id) {
        return Sha256.hex(id);
    }
}
