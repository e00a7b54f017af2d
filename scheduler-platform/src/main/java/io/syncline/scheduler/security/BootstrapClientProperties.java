package io.syncline.scheduler.security;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The first client of an empty platform ({@code SYNCLINE_BOOTSTRAP_CLIENT_ID}, {@code SYNCLINE_BOOTSTRAP_CLIENT_SECRET}).
 *
 * @param id its key
 * @param secret at least 24 characters, made by a generator
 */
@ConfigurationProperties("syncline.bootstrap.client")
record BootstrapClientProperties(
        @Nullable String id, @Nullable String secret) {

    /** An empty variable is one that is not set. */
    BootstrapClientProperties {
        id = id == null || id.isEmpty() ? null : id;
        secret = secret == null || secret.isEmpty() ? null : secret;
    }

    @Override
    public String toString() {
        return "BootstrapClientProperties[" + id + "]";
    }
}
