package io.syncline.scheduler.security;

/**
 * Wraps data keys by a key that is never in the database. The one shipped reads it from a file or the environment; a key
 * management service takes its place as another bean of this type.
 */
public interface KeyWrapper {

    /** Names the key that wraps now: 1 to 64 letters, digits and hyphens. */
    String currentKeyId();

    boolean knows(String keyId);

    /**
     * @param dataKey 32 bytes
     * @param context bound to the result: it unwraps with an equal context alone
     */
    byte[] wrap(byte[] dataKey, byte[] context);

    /** @throws java.security.GeneralSecurityException when the key is unknown, or key, context or content are not those of the wrapping */
    byte[] unwrap(String keyId, byte[] wrapped, byte[] context) throws java.security.GeneralSecurityException;
}
