package io.syncline.scheduler.security;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Declares a route of signed webhooks (Standard Webhooks). Its path names the sender as {@code {client}}; nobody gets in but by
 * a signature of that client over the body as it came, checked before anything reads it, and tokens are not looked at. The
 * client needs one of the scopes.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface WebhookRoute {

    Scope[] value();
}
