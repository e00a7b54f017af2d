/**
 * One field that finds anything by its exact id, key or number. It searches no texts; lists and their filters do that.
 */
@NullMarked
package io.syncline.portal.search;

import org.jspecify.annotations.NullMarked;
