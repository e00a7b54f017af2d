package io.syncline.scheduler.ops;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A part of a list. */
@JsonInclude(JsonInclude.Include.ALWAYS)
record PageView<T>(List<T> items, @Nullable String nextCursor) {}
