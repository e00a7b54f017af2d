package io.syncline.scheduler.catalog;

import io.syncline.scheduler.security.Caller;
import io.syncline.scheduler.security.Labels;
import org.jspecify.annotations.Nullable;

/**
 * Who changes configuration.
 *
 * @param name the one audited
 * @param labels whose groups and systems are within reach; all others do not exist for this editor
 * @param reason audited with the change; null where the route asks for none
 */
public record Editor(
        String name, Labels labels, Means means, @Nullable String reason) {

    /** By what means the change is made. */
    public enum Means {
        /** One object by its own route; refused for one that is managed by files. */
        HAND,
        /** The same, and the object is no longer managed by files from then on. */
        DETACHING,
        /** Many objects as their files say. */
        PLAN
    }

    public Editor(String name, Labels labels) {
        this(name, labels, Means.HAND, null);
    }

    public static Editor of(Caller caller) {
        return new Editor(caller.subject(), caller.labels());
    }

    /** By hand; {@code detach} takes the object out of the files' management. */
    public static Editor of(Caller caller, boolean detach) {
        return new Editor(caller.subject(), caller.labels(), detach ? Means.DETACHING : Means.HAND, null);
    }

    /** The same, for a reason. */
    public static Editor of(Caller caller, boolean detach, @Nullable String reason) {
        return new Editor(caller.subject(), caller.labels(), detach ? Means.DETACHING : Means.HAND, reason);
    }

    /** By a plan, for one reason. */
    public static Editor planning(Caller caller, @Nullable String reason) {
        return new Editor(caller.subject(), caller.labels(), Means.PLAN, reason);
    }
}
