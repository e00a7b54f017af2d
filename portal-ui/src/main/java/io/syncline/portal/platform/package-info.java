/**
 * The platform as the portal sees it: its API, called as the person who is signed in,
 * and the sessions of people, opened with the portal's own client.
 * It does not render anything and keeps no answer: what the platform does not say now is not known.
 */
@NullMarked
package io.syncline.portal.platform;

import org.jspecify.annotations.NullMarked;
