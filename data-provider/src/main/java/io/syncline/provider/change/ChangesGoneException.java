package io.syncline.provider.change;

/** The log has no unbroken run of changes behind this number; only an extract brings the reader up to date. */
public final class ChangesGoneException extends RuntimeException {

    private final transient Feed feed;

    ChangesGoneException(Feed feed, long after) {
        super("The log of " + feed.dataset() + " goes from " + feed.first() + " to " + feed.last()
                + ", and nothing is known behind " + after);
        this.feed = feed;
    }

    public Feed feed() {
        return feed;
    }
}
