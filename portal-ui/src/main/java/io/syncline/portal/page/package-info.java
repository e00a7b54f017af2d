/**
 * What every page shares: the frame around it, times in the reader's zone, the marks of states, the way an action is
 * confirmed, and what is shown when the platform does not answer.
 */
@NullMarked
package io.syncline.portal.page;

import org.jspecify.annotations.NullMarked;
