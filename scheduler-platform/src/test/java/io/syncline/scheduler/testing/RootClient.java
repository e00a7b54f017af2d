package io.syncline.scheduler.testing;

/**
 * The first client as most tests start a platform with it. Its secret looks like one that the platform made, so a token costs
 * one SHA-256; a secret that a person chose costs over 200,000 rounds each time, most of what these tests once took.
 * {@code SecurityApplicationIT} has such a one.
 */
public final class RootClient {

    public static final String SECRET = "sl_kQ3vT9xW2mZ7pL5rB8nD4sJ6hV1cY0gF_eU-aXqMwNo";

    private RootClient() {}
}
