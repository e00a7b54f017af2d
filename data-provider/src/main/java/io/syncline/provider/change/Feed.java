package io.syncline.provider.change;

/**
 * The numbers of a dataset's log.
 *
 * @param first the first that is kept; one behind {@code last} when none is
 * @param last the last that was given; the one before the first of all when none was
 * @param recording whether the dataset's writers record their changes
 */
public record Feed(String dataset, long first, long last, boolean recording) {}
