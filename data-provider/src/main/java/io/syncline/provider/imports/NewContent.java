package io.syncline.provider.imports;

import java.sql.SQLException;

/** Takes the records of a body one after the other and makes them the content of a table. */
interface NewContent extends AutoCloseable {

    void add(ImportRow row) throws SQLException;

    /** No record is left. */
    void end() throws SQLException;

    long inserted();

    long updated();

    long deleted();

    long unchanged();

    @Override
    void close() throws SQLException;
}
