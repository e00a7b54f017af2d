package io.syncline.consumer.changes;

/** Another instance follows the feed now; what this one was about to write is not written. */
class FeedLostException extends RuntimeException {

    FeedLostException(String dataset) {
        super("another instance follows the changes of " + dataset + " now");
    }
}
