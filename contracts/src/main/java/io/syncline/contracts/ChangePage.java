package io.syncline.contracts;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some changes of a dataset, in the order of their numbers.
 *
 * @param items empty when there is none behind the cursor yet
 * @param nextCursor behind the last item; to be kept by the reader together with what it made of the items
 * @param asOf all that was committed before this moment is in front of {@code nextCursor}; absent while more follows,
 *     and where the source cannot know. It stands still while changes wait for their numbers
 */
public record ChangePage(
        List<ChangeEvent> items,
        String nextCursor,
        @Nullable Instant asOf) {}
