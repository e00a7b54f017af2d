/**
 * The rows of many keys at once: ids in, rows out as a stream, by the strategy that suits the database and their number.
 * It changes no content and keeps nothing of what was asked.
 */
@NullMarked
package io.syncline.provider.lookup;

import org.jspecify.annotations.NullMarked;
