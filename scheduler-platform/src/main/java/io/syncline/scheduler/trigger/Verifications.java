package io.syncline.scheduler.trigger;

import org.jspecify.annotations.Nullable;

/** Where messages wait for a look at their source. Joins the caller's transaction. */
interface Verifications {

    void insert(String triggerId, VerificationPlan plan, @Nullable String traceparent);
}
