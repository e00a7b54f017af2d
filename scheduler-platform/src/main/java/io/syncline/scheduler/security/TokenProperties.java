package io.syncline.scheduler.security;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Access tokens that the platform gives out.
 *
 * @param life from the token's issue to its end, 5 to 15 min
 */
@ConfigurationProperties("syncline.token")
record TokenProperties(@DefaultValue("PT10M") Duration life) {

    static final Duration LONGEST_LIFE = Duration.ofMinutes(15);
    private static final Duration SHORTEST_LIFE = Duration.ofMinutes(5);

    TokenProperties {
        if (life.compareTo(SHORTEST_LIFE) < 0 || life.compareTo(LONGEST_LIFE) > 0) {
            throw new IllegalArgumentException("syncline.token.life is from PT5M to PT15M: " + life);
        }
    }
}
