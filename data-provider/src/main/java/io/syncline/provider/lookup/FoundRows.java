package io.syncline.provider.lookup;

import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Takes the rows of a look-up, one at a time and in any order; rows that were not asked for may be among them. */
@FunctionalInterface
public interface FoundRows {

    /** @param row with the dataset's columns, from 1 on */
    void row(ResultSet row) throws SQLException, IOException;
}
