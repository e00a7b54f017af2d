package io.syncline.provider.change;

/**
 * Told when this instance gave numbers. What other instances do is not told: a reader looks for itself as well, now and
 * then.
 */
public interface LogListener {

    /** On the sequencer's thread: to return at once. */
    void grown(String dataset);
}
