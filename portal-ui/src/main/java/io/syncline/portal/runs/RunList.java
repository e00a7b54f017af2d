package io.syncline.portal.runs;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A page of runs as the platform answers it. */
record RunList(List<RunView> items, @Nullable String nextCursor) {}
