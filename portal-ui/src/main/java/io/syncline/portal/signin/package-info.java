/**
 * Who may open the portal: one administrator, the session, the refusals, the headers.
 * It does not know the platform's people or roles.
 */
@NullMarked
package io.syncline.portal.signin;

import org.jspecify.annotations.NullMarked;
