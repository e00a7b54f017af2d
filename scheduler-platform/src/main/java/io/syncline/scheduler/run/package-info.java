/**
 * Runs and their task runs: the two state tables, ordering by business key, barriers, leases, deadlines, re-runs, the
 * journal; it judges every report. It sends nothing and knows no HTTP.
 */
@NullMarked
@ApplicationModule(allowedDependencies = {"store", "catalog"})
package io.syncline.scheduler.run;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
