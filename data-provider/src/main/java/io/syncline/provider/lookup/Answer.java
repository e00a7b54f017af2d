package io.syncline.provider.lookup;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Writes an answer line by line. Only an answer that came to its end has the last line. */
interface Answer {

    void row(@Nullable String[] cells) throws IOException;

    void notFound(String id) throws IOException;

    /** Writes the last line and sends what is left. */
    void end(long rows, long notFound) throws IOException;
}
