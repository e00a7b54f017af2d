package io.syncline.scheduler.outbound;

import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * @param allow destinations approved by whoever runs the platform, beside those that operators approve; each
 *     {@code scheme://host:port} with {@code *} for any port
 */
@ConfigurationProperties("syncline.destinations")
record DestinationsProperties(@DefaultValue List<String> allow) {}
