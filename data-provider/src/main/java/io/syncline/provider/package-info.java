/** Datasets over REST: import, extracts, rows, and the trigger message. It does not schedule anything. */
@NullMarked
package io.syncline.provider;

import org.jspecify.annotations.NullMarked;
