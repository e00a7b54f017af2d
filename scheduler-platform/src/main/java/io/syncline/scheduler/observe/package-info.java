/**
 * What is measured and told to those who operate the platform: meters of what happens, gauges of what stands. It listens and
 * reads; nothing waits for it, and nothing in the other rooms knows of it.
 */
@NullMarked
@ApplicationModule(allowedDependencies = {"store", "security", "catalog", "run"})
package io.syncline.scheduler.observe;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
