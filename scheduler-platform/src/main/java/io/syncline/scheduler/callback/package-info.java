/**
 * Status reports in: keeps every callback, has {@code run} judge it, and answers after the commit. It decides nothing about
 * states.
 */
@NullMarked
@ApplicationModule(allowedDependencies = {"store", "security", "run"})
package io.syncline.scheduler.callback;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
