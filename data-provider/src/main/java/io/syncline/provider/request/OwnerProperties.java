package io.syncline.provider.request;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who owns the data behind this service.
 *
 * @param owners clients at the platform that may import and announce, besides this service's own client
 */
@ConfigurationProperties("syncline.provider")
record OwnerProperties(@DefaultValue Set<String> owners) {

    boolean include(String subject, @Nullable String ownClient) {
        return owners.contains(subject) || subject.equals(ownClient);
    }
}
