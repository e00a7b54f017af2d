/**
 * What the owner of the data announces, such as the end of a business day, and its trigger message. It looks at no
 * dataset.
 */
@NullMarked
package io.syncline.provider.event;

import org.jspecify.annotations.NullMarked;
