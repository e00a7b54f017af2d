/** Webhooks that others send to this service: whether they are genuine, and each once. */
@NullMarked
package io.syncline.client.webhook;

import org.jspecify.annotations.NullMarked;
