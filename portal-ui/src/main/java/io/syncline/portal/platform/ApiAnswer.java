package io.syncline.portal.platform;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What the platform answered to a request that it took.
 *
 * @param entityTag as it came, with its quotation marks
 * @param location where a thing that was made stands
 */
public record ApiAnswer(
        int status,
        @Nullable String entityTag,
        @Nullable String location,
        @Nullable String contentType,
        byte[] body) {

    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }
}
