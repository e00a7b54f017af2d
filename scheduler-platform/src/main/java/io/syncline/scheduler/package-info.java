/** The scheduling platform; its rooms are the packages below. It holds no code but the entry point. */
@NullMarked
package io.syncline.scheduler;

import org.jspecify.annotations.NullMarked;
