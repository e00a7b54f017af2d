package io.syncline.scheduler.run;

import java.util.Comparator;

/** The place that one active run of a group and ordering key holds. Slots are locked in this order, before anything else. */
record SlotKey(String group, String orderingKey) implements Comparable<SlotKey> {

    private static final Comparator<SlotKey> ORDER =
            Comparator.comparing(SlotKey::group).thenComparing(SlotKey::orderingKey);

    @Override
    public int compareTo(SlotKey other) {
        return ORDER.compare(this, other);
    }
}
