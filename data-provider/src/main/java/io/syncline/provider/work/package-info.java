/**
 * What works in the background takes its turns here: start, wake, rest, failure, stop. It knows nothing of what is done in
 * a turn.
 */
@NullMarked
package io.syncline.provider.work;

import org.jspecify.annotations.NullMarked;
