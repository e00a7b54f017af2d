package io.syncline.scheduler.security;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long people stay signed in.
 *
 * @param longest from the sign-in to the end of the session, whatever the person does; 15 min to 24 h
 * @param idle from a refresh to the end of the session if none follows; 5 to 60 min
 * @param recentSignIn how old the last sign-in may be for changes of people, clients, keys, issuers, systems and
 *     destinations; 1 to 60 min
 */
@ConfigurationProperties("syncline.session")
record SessionProperties(
        @DefaultValue("PT8H") Duration longest,
        @DefaultValue("PT15M") Duration idle,
        @DefaultValue("PT10M") Duration recentSignIn) {

    SessionProperties {
        requireWithin("longest", longest, Duration.ofMinutes(15), Duration.ofHours(24));
        requireWithin("idle", idle, Duration.ofMinutes(5), Duration.ofHours(1));
        requireWithin("recent-sign-in", recentSignIn, Duration.ofMinutes(1), Duration.ofHours(1));
    }

    private static void requireWithin(String name, Duration chosen, Duration least, Duration most) {
        if (chosen.compareTo(least) < 0 || chosen.compareTo(most) > 0) {
            throw new IllegalArgumentException(
                    "syncline.session." + name + " is from " + least + " to " + most + ": " + chosen);
        }
    }
}
