package io.syncline.faults;

/** What becomes of a call that is made to fail. */
public enum Failure {

    /** The connection is lost before the call: the other side does nothing. */
    NOT_MADE,

    /** The other side does what it was asked, and the connection is lost before the caller hears of it. */
    MADE_UNHEARD,

    /** The other side does nothing and says so; the connection stays. */
    REFUSED
}
