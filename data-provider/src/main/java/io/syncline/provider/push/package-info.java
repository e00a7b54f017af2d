/**
 * Tells subscribers of changes by webhook: each change is stored for each subscription first, then signed and sent, tried
 * again by a published schedule, and kept as a dead letter that can be sent once more.
 */
@NullMarked
package io.syncline.provider.push;

import org.jspecify.annotations.NullMarked;
