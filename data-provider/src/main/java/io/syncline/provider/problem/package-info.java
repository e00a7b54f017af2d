/** Errors as problem documents (RFC 9457). It decides nothing about what is an error. */
@NullMarked
package io.syncline.provider.problem;

import org.jspecify.annotations.NullMarked;
