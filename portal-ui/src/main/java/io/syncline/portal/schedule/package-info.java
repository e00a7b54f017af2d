/** What time itself starts, the nodes that do it, and the calendars. */
@NullMarked
package io.syncline.portal.schedule;

import org.jspecify.annotations.NullMarked;
