package io.syncline.client;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A bean's method that does the work of one sync path: {@code SyncResult handle(SyncWork work) throws Exception}.
 *
 * <p>The call is stored and answered before the method runs, and a repeated call does not run it again. It runs again
 * for the same key only when the process that ran it died, so its effect must be safe to repeat.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface SyncTask {

    /** The path of the sync call, such as {@code /sync/plans} or {@code /sync/{dataset}}. */
    String value();
}
