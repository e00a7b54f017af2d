/** Incidents: what went wrong, who is told over which channel, and what became of it. */
@NullMarked
@ApplicationModule(allowedDependencies = {"store", "security", "catalog", "run", "trigger", "outbound"})
package io.syncline.scheduler.alert;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
