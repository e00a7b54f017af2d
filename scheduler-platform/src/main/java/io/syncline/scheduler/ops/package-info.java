/**
 * The operators' API: what runs are doing, what may be done to them, the cluster, and who did what.
 * It decides nothing about runs and groups itself; it asks the rooms that own them, and reads their tables for its views.
 */
@NullMarked
@ApplicationModule(
        allowedDependencies = {
            "store",
            "security",
            "catalog",
            "outbound",
            "run",
            "trigger",
            "dispatch",
            "callback",
            "alert"
        })
package io.syncline.scheduler.ops;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
