/** The operators' portal, on the platform's API. It never sees a database. */
@NullMarked
package io.syncline.portal;

import org.jspecify.annotations.NullMarked;
