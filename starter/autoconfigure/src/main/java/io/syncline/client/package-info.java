/**
 * What a team writes against: handlers of sync calls, reports, tokens and trigger messages. It holds no wiring and no
 * transport of its own.
 */
@NullMarked
package io.syncline.client;

import org.jspecify.annotations.NullMarked;
