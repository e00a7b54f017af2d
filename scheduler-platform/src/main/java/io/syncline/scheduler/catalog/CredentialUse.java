package io.syncline.scheduler.catalog;

/** Hears which secrets were presented and taken, so that people know when an old one may go. */
@FunctionalInterface
public interface CredentialUse {

    /** Where nobody wants to know. */
    CredentialUse UNNOTED = (system, name, revision, previous) -> {};

    /**
     * Returns at once.
     *
     * @param revision of the credential as it was presented
     * @param previous whether it was the secret before the present one
     */
    void taken(String system, String name, int revision, boolean previous);
}
