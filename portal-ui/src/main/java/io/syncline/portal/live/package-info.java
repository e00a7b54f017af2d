/**
 * What keeps pages up to date: the stream of events, handed on from the platform to the browser, and the counts of the rail.
 * It keeps nothing of what it hands on.
 */
@NullMarked
package io.syncline.portal.live;

import org.jspecify.annotations.NullMarked;
