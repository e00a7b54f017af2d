package io.syncline.contracts;

import java.util.List;

/**
 * Some changes of a dataset, in the order of their numbers.
 *
 * @param items empty when there is none behind the cursor yet
 * @param nextCursor behind the last item; to be kept by the reader together with what it made of the items
 */
public record ChangePage(List<ChangeEvent> items, String nextCursor) {}
