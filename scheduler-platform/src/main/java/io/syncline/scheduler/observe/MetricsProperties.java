package io.syncline.scheduler.observe;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * @param refresh from one reading of the gauges that the database knows to the next, 1 s to 5 min
 */
@ConfigurationProperties("syncline.metrics")
record MetricsProperties(@DefaultValue("15s") Duration refresh) {

    MetricsProperties {
        if (refresh.compareTo(Duration.ofSeconds(1)) < 0 || refresh.compareTo(Duration.ofMinutes(5)) > 0) {
            throw new IllegalArgumentException("syncline.metrics.refresh is 1 s to 5 min: " + refresh);
        }
    }
}
