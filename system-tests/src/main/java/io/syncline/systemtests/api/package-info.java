/**
 * The services' HTTP APIs as a script would call them.
 * It hides nothing: an answer that is not the expected one is an error with its body.
 */
@NullMarked
package io.syncline.systemtests.api;

import org.jspecify.annotations.NullMarked;
