/**
 * The way to the database: connections, its clock, its dialect, ids, and which nodes are alive. It knows nothing of runs,
 * tasks or callers.
 */
@NullMarked
@ApplicationModule(allowedDependencies = {})
package io.syncline.scheduler.store;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
