package io.syncline.client;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A bean's method that is told that work is cancelled: {@code void cancel(SyncWork work) throws Exception}. It runs
 * after the work was marked as ended, in the call, so it must be quick and safe to repeat.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface SyncCancel {

    /** The cancel path of the task, such as {@code /sync/{dataset}/cancel}. */
    String value();
}
