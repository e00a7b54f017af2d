package io.syncline.provider.lookup;

/** The ways to find the rows of many keys. */
public enum StrategyName {
    /** A temporary table filled by batches of inserts, then joined. */
    TABLE_BATCH,
    TABLE_BATCH_ANALYZE,
    /** A temporary table filled by COPY, then joined; PostgreSQL. */
    TABLE_COPY,
    TABLE_COPY_ANALYZE,
    /** {@code = any(?)} with one array. */
    ARRAY,
    /** One statement for each thousand keys. */
    IN_LISTS,
    /** A join with the rows that an array is unfolded to. */
    UNNEST,
    /** All rows are read, and those that were asked for are kept. */
    FULL_READ
}
