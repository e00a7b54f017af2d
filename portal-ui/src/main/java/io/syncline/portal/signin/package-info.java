/**
 * How people come in and go out: the sign-in pages, the session, the refusals, the headers.
 * It checks no password and knows no roles; the platform does.
 */
@NullMarked
package io.syncline.portal.signin;

import org.jspecify.annotations.NullMarked;
