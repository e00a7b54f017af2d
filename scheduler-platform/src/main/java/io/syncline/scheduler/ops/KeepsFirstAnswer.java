package io.syncline.scheduler.ops;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A route that takes {@code Idempotency-Key}: the second call of one caller with one key, path and body gets the first
 * answer. Not for routes whose answer holds a secret.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@interface KeepsFirstAnswer {}
