/**
 * The clock of the cluster: ticks, cron schedules as keyed trigger messages, and the watchdog over the clock's own tables.
 * It keeps no ledger: due work, leases and attempts live in the rooms that own them, and go on when this one is stuck.
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
            "alert",
            "ops"
        })
package io.syncline.scheduler.quartz;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
