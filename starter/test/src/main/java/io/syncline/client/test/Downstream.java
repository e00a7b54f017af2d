package io.syncline.client.test;

/** A downstream under test, running. */
public interface Downstream extends AutoCloseable {

    /** Where it listens, without a path. */
    String url();

    /** Ends it as a crash would: nothing is finished, nothing is given back. What it stored stays. */
    void kill();

    @Override
    void close();
}
