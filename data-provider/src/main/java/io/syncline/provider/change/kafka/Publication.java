package io.syncline.provider.change.kafka;

/**
 * A dataset whose log is brought to its topic.
 *
 * @param first the first number that is kept
 * @param last the last number that was given
 * @param published the last number that all brokers have acknowledged
 */
record Publication(String dataset, long first, long last, long published) {

    long unpublished() {
        return Math.max(0, last - published);
    }
}
