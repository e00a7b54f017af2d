/**
 * The platform's own clients: machines with their scopes. A secret that the platform has made is shown on the answer to the
 * form that made it, and nowhere else.
 */
@NullMarked
package io.syncline.portal.clients;

import org.jspecify.annotations.NullMarked;
