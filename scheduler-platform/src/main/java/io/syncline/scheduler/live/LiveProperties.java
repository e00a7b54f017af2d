package io.syncline.scheduler.live;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * @param maxListeners connections to the stream of events on this node at once; more are answered 503; 1 to 10,000
 */
@ConfigurationProperties("syncline.events")
record LiveProperties(@DefaultValue("500") int maxListeners) {

    private static final int MOST = 10_000;

    LiveProperties {
        if (maxListeners < 1 || maxListeners > MOST) {
            throw new IllegalArgumentException("syncline.events.max-listeners is 1 to 10,000: " + maxListeners);
        }
    }
}
