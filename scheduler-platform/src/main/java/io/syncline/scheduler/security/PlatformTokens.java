package io.syncline.scheduler.security;

/** Makes the tokens by which the platform shows itself to downstream systems. */
public interface PlatformTokens {

    /** A signed token for calls to this system: its key is the audience, it lives 5 min and is reused for one. */
    String forSystem(String systemKey);

    /** The same in another shape, reused for a fifth of its life. */
    String forSystem(String systemKey, TokenShape shape);

    /** Forgets the tokens that this system has just refused, so that its next call carries a new one. */
    void forget(String systemKey);

    /** The platform's public address without a slash at the end: issuer of all tokens and base of callback addresses. */
    String publicUrl();
}
