package io.syncline.scheduler.catalog;

import io.syncline.scheduler.security.Caller;
import io.syncline.scheduler.security.Labels;

/**
 * Who changes configuration.
 *
 * @param name the one audited
 * @param labels whose groups and systems are within reach; all others do not exist for this editor
 */
public record Editor(String name, Labels labels) {

    public static Editor of(Caller caller) {
        return new Editor(caller.subject(), caller.labels());
    }
}
