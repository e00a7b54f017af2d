package io.syncline.portal.triggers;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A page of messages as the platform answers it. */
record TriggerList(List<TriggerView> items, @Nullable String nextCursor) {}
