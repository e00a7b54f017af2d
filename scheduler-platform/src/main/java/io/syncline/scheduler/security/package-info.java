/**
 * Who calls and what they may do: tokens in and out, keys, clients, the scopes of routes, and problem answers. It holds no
 * rule about runs, groups or systems.
 */
@NullMarked
@ApplicationModule(allowedDependencies = "store")
package io.syncline.scheduler.security;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
