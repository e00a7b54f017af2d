package io.syncline.provider.lookup;

import io.syncline.provider.dataset.Dataset;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** A way to find the rows of many keys. */
public interface Strategy {

    /** Why it cannot do such a look-up on this database, as the end of a sentence; empty when it can. */
    default Optional<String> refusal(Dataset dataset, int keys) {
        return Optional.empty();
    }

    /**
     * Finds the rows within the connection's transaction, which the caller rolls back; nothing is read before it may be committed.
     *
     * @param keys each once, with their parts as {@code Column.comparable} gives them
     */
    void find(Connection connection, Dataset dataset, List<Object[]> keys, FoundRows found)
            throws SQLException, IOException;
}
