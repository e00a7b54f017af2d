package io.syncline.provider.lookup;

import java.time.Duration;

/**
 * How a strategy talks to the database.
 *
 * @param batchRows keys written, or put into one list, at a time; at most 1000
 * @param fetchRows rows fetched at a time
 * @param randomPageCost PostgreSQL's, for the transaction of a look-up; 0: as it is set
 * @param timeout longest time of a statement
 */
public record Tuning(int batchRows, int fetchRows, double randomPageCost, Duration timeout) {}
