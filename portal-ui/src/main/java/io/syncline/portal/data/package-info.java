/** Which data sets there are, how fresh they are, who reads them, and which extracts exist. */
@NullMarked
package io.syncline.portal.data;

import org.jspecify.annotations.NullMarked;
