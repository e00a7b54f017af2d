package io.syncline.scheduler.security;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Declares a route for any person who is signed in, and for callers with one of the scopes. The controller judges whose things. */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@interface PersonRoute {

    Scope[] or() default {};
}
