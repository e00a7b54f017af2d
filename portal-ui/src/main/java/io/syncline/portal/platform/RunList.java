package io.syncline.portal.platform;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A page of runs as the platform answers it. */
public record RunList(List<RunView> items, @Nullable String nextCursor) {}
