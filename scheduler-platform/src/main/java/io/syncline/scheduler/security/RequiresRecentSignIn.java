package io.syncline.scheduler.security;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Declares that a person must have signed in a short while ago (10 min) to be let in here (OWASP ASVS 5.0, 7.5.3); otherwise
 * the answer is 403 {@code sign-in-again}. Machines are not concerned.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface RequiresRecentSignIn {}
