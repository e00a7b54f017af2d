package io.syncline.provider.request;

/**
 * Who calls.
 *
 * @param subject the client or person of the token
 * @param admin whether the token carries the scope {@code admin}
 */
public record Caller(String subject, boolean admin) {}
