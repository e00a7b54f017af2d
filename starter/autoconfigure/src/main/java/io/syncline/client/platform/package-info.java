/**
 * Calls to the platform: tokens, trigger messages, its public keys. It does not serve requests.
 */
@NullMarked
package io.syncline.client.platform;

import org.jspecify.annotations.NullMarked;
