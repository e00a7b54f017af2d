package io.syncline.scheduler.security;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Where the wrapping key of the stored secrets is ({@code SYNCLINE_WRAPPING_KEY_FILE} or {@code SYNCLINE_WRAPPING_KEY}): 32
 * random bytes in base64. Several, a line each in the file or separated by commas: the first wraps, the others still open what
 * they have wrapped.
 *
 * @param wrappingKey the keys themselves
 * @param wrappingKeyFile a file that holds them, readable by the platform alone
 */
@ConfigurationProperties("syncline")
record WrappingKeyProperties(
        @Nullable String wrappingKey, @Nullable Path wrappingKeyFile) {

    WrappingKeyProperties {
        wrappingKey = wrappingKey == null || wrappingKey.isBlank() ? null : wrappingKey;
        wrappingKeyFile = wrappingKeyFile == null || wrappingKeyFile.toString().isBlank() ? null : wrappingKeyFile;
    }

    @Override
    public String toString() {
        return "WrappingKeyProperties[" + wrappingKeyFile + "]";
    }
}
