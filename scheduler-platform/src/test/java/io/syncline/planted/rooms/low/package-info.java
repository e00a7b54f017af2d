@ApplicationModule(allowedDependencies = {})
package io.syncline.planted.rooms.low;

import org.springframework.modulith.ApplicationModule;
