package io.syncline.scheduler.security;

import java.io.IOException;

/** A body came more slowly than we wait for. */
final class BodyTooSlowException extends IOException {

    BodyTooSlowException() {
        super("the body comes too slowly");
    }
}
