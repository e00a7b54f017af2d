/**
 * What every route needs of a request: who calls, Idempotency-Key, bounded JSON bodies. It knows nothing of datasets.
 */
@NullMarked
package io.syncline.provider.request;

import org.jspecify.annotations.NullMarked;
