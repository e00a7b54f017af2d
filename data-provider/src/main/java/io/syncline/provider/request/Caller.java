package io.syncline.provider.request;

/**
 * Who calls.
 *
 * @param subject the client or person of the token
 */
public record Caller(String subject) {}
