package io.syncline.consumer.provider;

import org.jspecify.annotations.Nullable;

/** The provider did not give what was asked for. */
public class ProviderException extends RuntimeException {

    private final boolean retryable;

    public ProviderException(String message, boolean retryable, @Nullable Throwable cause) {
        super(message, cause);
        this.retryable = retryable;
    }

    /** Whether asking again may help. */
    public boolean retryable() {
        return retryable;
    }
}
