@ApplicationModule(allowedDependencies = "low")
package io.syncline.planted.rooms.high;

import org.springframework.modulith.ApplicationModule;
