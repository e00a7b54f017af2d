package io.syncline.outbox;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What became of one delivery. */
public sealed interface DeliveryResult {

    /** The receiver has it. */
    record Delivered() implements DeliveryResult {}

    /**
     * Not now.
     *
     * @param after the receiver's wish, such as {@code Retry-After}; it may lengthen the back-off, never shorten it
     */
    record Retry(@Nullable Duration after, String cause) implements DeliveryResult {}

    /** Never: the message becomes a dead letter and no longer holds what waits behind it. */
    record Dead(String cause) implements DeliveryResult {}

    /** It was not tried, which counts as no delivery; the next look is after that time. */
    record Later(Duration after, String cause) implements DeliveryResult {}

    static DeliveryResult delivered() {
        return new Delivered();
    }

    static DeliveryResult retry(String cause) {
        return new Retry(null, cause);
    }

    static DeliveryResult retry(@Nullable Duration after, String cause) {
        return new Retry(after, cause);
    }

    static DeliveryResult later(Duration after, String cause) {
        return new Later(after, cause);
    }

    static DeliveryResult dead(String cause) {
        return new Dead(cause);
    }
}
