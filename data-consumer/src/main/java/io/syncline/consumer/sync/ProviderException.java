package io.syncline.consumer.sync;

import org.jspecify.annotations.Nullable;

/** The provider did not give what was asked for. */
class ProviderException extends RuntimeException {

    private final boolean retryable;

    ProviderException(String message, boolean retryable, @Nullable Throwable cause) {
        super(message, cause);
        this.retryable = retryable;
    }

    /** Whether asking again may help. */
    boolean retryable() {
        return retryable;
    }
}
