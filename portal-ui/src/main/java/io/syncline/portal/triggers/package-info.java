/**
 * The triggers inbox: which messages came, what became of each, and corrected copies of those that were rejected.
 * It judges no message itself; the platform does.
 */
@NullMarked
package io.syncline.portal.triggers;

import org.jspecify.annotations.NullMarked;
