/**
 * What has changed, told while it changes: the stream of events that pages listen to. It reads the rows that other rooms write
 * anyway, only while somebody listens; nothing is written for it, and nothing in the other rooms knows of it.
 */
@NullMarked
@ApplicationModule(allowedDependencies = {"store", "security", "catalog"})
package io.syncline.scheduler.live;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
