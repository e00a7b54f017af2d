package io.syncline.scheduler.live;

import io.syncline.scheduler.security.Labels;

/** Somebody who is told of changes. None of its methods waits. */
interface Listener {

    /** What of it all may be told. */
    Labels labels();

    /** Whether it may go on: a token ends, a person signs out. */
    boolean stands();

    /** One who does not take what there is in time is cut, and comes again with the last id. */
    void tell(byte[] frames);

    void end();
}
