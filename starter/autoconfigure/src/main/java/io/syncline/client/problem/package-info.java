/**
 * Errors as problem documents (RFC 9457), for controllers and for the security filters. It does not decide what is an
 * error.
 */
@NullMarked
package io.syncline.client.problem;

import org.jspecify.annotations.NullMarked;
