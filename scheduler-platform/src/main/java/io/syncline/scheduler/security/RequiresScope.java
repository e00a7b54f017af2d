package io.syncline.scheduler.security;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Declares who may call this route: a caller with any of the scopes. A route without a declaration lets nobody in.
 *
 * <p>People are limited to the groups and systems with their labels. What belongs to no group is there for people who reach
 * all of them: every route that takes {@code admin} alone, and those that say so.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface RequiresScope {

    Scope[] value();

    /** The scopes of which people need one; left out, the same as for machines. */
    Scope[] people() default {};

    /** Whether people with limited labels are refused, because an answer cannot be cut to what they reach. */
    boolean everyLabel() default false;
}
