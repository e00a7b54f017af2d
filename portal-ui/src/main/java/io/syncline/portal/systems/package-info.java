/**
 * The systems that the platform calls and hears from, their credentials, and the destinations that may be called at all.
 * A secret goes one way, to the platform: no page shows one, not even to whoever has just typed it.
 */
@NullMarked
package io.syncline.portal.systems;

import org.jspecify.annotations.NullMarked;
