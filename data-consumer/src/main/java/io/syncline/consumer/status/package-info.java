/** How the copies and the view stand, in one answer. */
@NullMarked
package io.syncline.consumer.status;

import org.jspecify.annotations.NullMarked;
