package io.syncline.consumer.sync;

/** Another instance holds the file or job now; whatever this one was about to write is rejected. */
class LeaseLostException extends RuntimeException {

    LeaseLostException(String what, long fence) {
        super(what + " is no longer held under fence " + fence);
    }
}
