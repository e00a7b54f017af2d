package io.syncline.consumer.changes;

import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What became of one row at the provider.
 *
 * @param seq rises within the dataset; of two changes of one key the one with the lower number is older
 * @param key identifies the row within the dataset
 * @param present whether the row is there after the change
 * @param row its fields after the change, those before it when it was deleted; see {@link #field}
 * @param committedAt when the provider's transaction ended, by the provider's clock
 */
public record Change(
        String dataset, long seq, String key, boolean present, Map<String, @Nullable String> row, Instant committedAt) {

    /** A field by its name: {@code userId}, {@code user_id} and {@code USER_ID} are the same. */
    public @Nullable String field(String name) {
        return row.get(plain(name));
    }

    /** The name under which a row keeps a field. */
    public static String plain(String name) {
        return name.replace("_", "").toLowerCase(Locale.ROOT);
    }
}
