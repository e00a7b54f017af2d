/**
 * The one way out: every HTTP call to another system goes through here, past the destination guard, the limits, the
 * breakers and the choice of instance. It decides nothing about what an answer means for a run.
 */
@NullMarked
@ApplicationModule(allowedDependencies = {"store", "security", "catalog"})
package io.syncline.scheduler.outbound;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
