package io.syncline.portal.platform;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** The platform's stream of events, as the person of the request may hear it. */
public interface Events {

    /**
     * Opens a stream; it goes on until either side ends it, at the latest when the person's token ends.
     *
     * @param lastEventId where the listener was before
     * @throws PlatformException when the platform does not answer, or has no place
     * @throws SessionEndedException when the person must sign in again
     */
    Flow.Publisher<List<ByteBuffer>> open(@Nullable String lastEventId);
}
