/**
 * A fake platform and the contract test that any downstream can be put to, whatever it is written in. It knows nothing of
 * the starter's inside.
 */
@NullMarked
package io.syncline.client.test;

import org.jspecify.annotations.NullMarked;
