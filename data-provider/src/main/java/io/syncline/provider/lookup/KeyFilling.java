package io.syncline.provider.lookup;

import io.syncline.provider.dataset.Dataset;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** A way to fill a table of keys, whose columns are {@code key_1} and so on. */
interface KeyFilling {

    void fill(Connection connection, String table, Dataset dataset, List<Object[]> keys)
            throws SQLException, IOException;
}
