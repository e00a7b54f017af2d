/** How well groups keep to what they promise. */
@NullMarked
package io.syncline.portal.sla;

import org.jspecify.annotations.NullMarked;
