package io.syncline.scheduler.run;

import java.util.Collection;
import java.util.Map;

/** Which callbacks are already kept; asked after the task runs are locked, so that a copy in flight is seen. */
public interface KnownCallbacks {

    /** The reports among these that are copies of kept ones, with the {@code applied} of the first answer. */
    Map<IncomingReport, Boolean> firstApplied(Collection<IncomingReport> reports);
}
