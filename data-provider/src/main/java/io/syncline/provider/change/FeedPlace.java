package io.syncline.provider.change;

/**
 * Where a reader of a feed stands.
 *
 * @param after the number of the last change that it has
 * @param limit most changes that it wants at a time
 */
record FeedPlace(String dataset, long after, int limit) {}
