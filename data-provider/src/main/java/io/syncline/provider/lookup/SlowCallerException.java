package io.syncline.provider.lookup;

import java.io.IOException;

/** The caller took its answer more slowly than allowed. */
final class SlowCallerException extends IOException {

    SlowCallerException() {
        super("the answer was not taken within syncline.provider.lookups.timeout");
    }
}
