package io.syncline.systemtests.bench;

/**
 * What a day's sync took, in seconds.
 *
 * @param extract from the source table to compressed files
 * @param stage from the files to the staging table
 * @param merge from there to the target, deletions included
 * @param reconcile comparing source and target
 * @param total from the start to the end; what lies between the parts is in it
 */
record SyncTimes(double extract, double stage, double merge, double reconcile, double total) {}
