/**
 * Rounds over the working queue: claims what is due, calls the downstreams, writes the outcomes. What an outcome does to a
 * run is decided by {@code run}, how a call goes out by {@code outbound}.
 */
@NullMarked
@ApplicationModule(allowedDependencies = {"store", "security", "catalog", "run", "outbound"})
package io.syncline.scheduler.dispatch;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
