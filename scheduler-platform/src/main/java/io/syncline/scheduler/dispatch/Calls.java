package io.syncline.scheduler.dispatch;

import java.util.List;

/** The calls that were made, as operators see them: appended to, in the transaction that records the outcomes. */
interface Calls {

    void append(List<CallRow> rows);
}
