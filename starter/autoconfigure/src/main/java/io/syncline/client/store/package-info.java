/**
 * The starter's tables and its outbox with the relay. It does not know what the messages say.
 */
@NullMarked
package io.syncline.client.store;

import org.jspecify.annotations.NullMarked;
