/**
 * The inbox: takes trigger messages, finds copies, chooses the groups by their rules and has {@code run} start the runs in
 * the same transaction. It calls nobody.
 */
@NullMarked
@ApplicationModule(allowedDependencies = {"store", "security", "catalog", "run", "outbound"})
package io.syncline.scheduler.trigger;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
