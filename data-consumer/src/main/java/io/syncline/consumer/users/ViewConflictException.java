package io.syncline.consumer.users;

import org.springframework.dao.ConcurrencyFailureException;

/** Another instance applied a change of the same key between our look and our write: nothing of ours is written. */
class ViewConflictException extends ConcurrencyFailureException {

    ViewConflictException(String what) {
        super(what);
    }
}
