package io.syncline.scheduler.security;

/** What a stored key is for, and the only thing it is for. */
public enum KeyPurpose {
    /** Signs access tokens and platform tokens; its public part is published. */
    TOKEN,
    /** Makes the MAC of callback tokens; never leaves the platform. */
    CALLBACK
}
