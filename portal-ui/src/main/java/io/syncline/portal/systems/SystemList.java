package io.syncline.portal.systems;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A page of systems as the platform answers it. */
record SystemList(List<SystemItem> items, @Nullable String nextCursor) {}
