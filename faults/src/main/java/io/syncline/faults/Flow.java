package io.syncline.faults;

/** One flow of a product in a world of its own, which begins where the flow does. */
public interface Flow extends AutoCloseable {

    /**
     * Goes as far as it goes while a call may fail. What it throws is what its caller would see; the caller remembers that
     * it was not answered.
     */
    void go() throws Exception;

    /** Drives it to its end, without faults: callers who were not answered come back, time passes. */
    void finish() throws Exception;

    /** Asserts what was promised, of what is left. */
    void check() throws Exception;

    @Override
    default void close() {}
}
