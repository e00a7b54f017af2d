/**
 * Keeps the operators' configuration: task groups with all their versions, systems and pauses; reads, checks and stores
 * their documents. It starts nothing and calls nobody: runs belong to {@code run}, connections to {@code outbound}.
 */
@NullMarked
@ApplicationModule(allowedDependencies = {"store", "security"})
package io.syncline.scheduler.catalog;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
