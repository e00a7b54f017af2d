package io.syncline.scheduler.security;

/**
 * A person as a trusted issuer knows them.
 *
 * @param issuer the key of the issuer
 * @param subject the claim that names the person there
 */
record ExternalPerson(String issuer, String subject) {}
