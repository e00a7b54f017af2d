/** The trace of a service's requests, and their spans where its settings name a collector. */
@NullMarked
package io.syncline.client.trace;

import org.jspecify.annotations.NullMarked;
