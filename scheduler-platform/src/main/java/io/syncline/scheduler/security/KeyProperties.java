package io.syncline.scheduler.security;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the platform's own keys are made and replaced.
 *
 * @param rotateEvery from the moment a key becomes current to its replacement by the next one; longer than {@code lead}
 * @param overlap from the moment a key signs no longer to its end; until then it is published and its tokens are accepted.
 *     At least 16 min 30 s: the longest life of a token, what clocks may differ, and how long a node may still sign by it.
 *     Callback keys stay as long as a token made by them is good, however short this is
 * @param lead from the moment a next key is published to the first rotation to it; longer than others keep our public keys
 *     without asking again, and at least twice {@code readEvery}
 * @param readEvery a node reads the keys again when what it knows is older; from 100 ms to 30 s
 * @param algorithm of keys still to be made: ES256, EdDSA (Ed25519) or RS256 (3072 bits)
 */
@ConfigurationProperties("syncline.keys")
record KeyProperties(
        @DefaultValue("P30D") Duration rotateEvery,
        @DefaultValue("PT1H") Duration overlap,
        @DefaultValue("PT10M") Duration lead,
        @DefaultValue("PT1S") Duration readEvery,
        @DefaultValue("ES256") SigningAlgorithm algorithm) {

    static final Duration SHORTEST_OVERLAP =
            TokenProperties.LONGEST_LIFE.plus(StrictJws.LEEWAY).plus(PlatformKeys.USABLE_FOR);
    private static final Duration SHORTEST_READ_EVERY = Duration.ofMillis(100);
    private static final Duration LONGEST_READ_EVERY = Duration.ofSeconds(30);

    KeyProperties {
        if (readEvery.compareTo(SHORTEST_READ_EVERY) < 0 || readEvery.compareTo(LONGEST_READ_EVERY) > 0) {
            throw new IllegalArgumentException("syncline.keys.read-every is from PT0.1S to PT30S: " + readEvery);
        }
        if (overlap.compareTo(SHORTEST_OVERLAP) < 0) {
            throw new IllegalArgumentException("syncline.keys.overlap is " + SHORTEST_OVERLAP
                    + " or more, so that no token outlives its key: " + overlap);
        }
        if (lead.compareTo(readEvery.multipliedBy(2)) < 0) {
            throw new IllegalArgumentException(
                    "syncline.keys.lead is at least twice syncline.keys.read-every, so that every node knows a key before"
                            + " it signs: " + lead);
        }
        if (rotateEvery.compareTo(lead) <= 0) {
            throw new IllegalArgumentException(
                    "syncline.keys.rotate-every is longer than syncline.keys.lead: " + rotateEvery);
        }
    }
}
