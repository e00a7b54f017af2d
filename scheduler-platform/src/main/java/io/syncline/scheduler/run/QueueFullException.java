package io.syncline.scheduler.run;

/** A group has as many queued runs as it takes; nothing of the transaction is kept. */
public final class QueueFullException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String group;
    private final int maxQueued;

    QueueFullException(String group, int maxQueued) {
        super("group " + group + " has " + maxQueued + " queued runs already");
        this.group = group;
        this.maxQueued = maxQueued;
    }

    public String group() {
        return group;
    }

    public int maxQueued() {
        return maxQueued;
    }
}
