/** How the service's data stand, in one answer. */
@NullMarked
package io.syncline.provider.status;

import org.jspecify.annotations.NullMarked;
