/** The data provider over HTTP, and what was downloaded from it. It does not know what the rows are for. */
@NullMarked
package io.syncline.consumer.provider;

import org.jspecify.annotations.NullMarked;
