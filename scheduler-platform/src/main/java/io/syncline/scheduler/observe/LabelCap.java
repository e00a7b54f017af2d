package io.syncline.scheduler.observe;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.config.MeterFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Bounds the labels of our meters that others choose the values of, wherever the meter is counted. */
final class LabelCap implements MeterFilter {

    private static final Set<String> CAPPED = Set.of("group", "source", "system");
    private static final String TASK = "task";

    private final CappedLabels labels;

    LabelCap(CappedLabels labels) {
        this.labels = labels;
    }

    @Override
    public Meter.Id map(Meter.Id id) {
        if (!id.getName().startsWith("syncline")) {
            return id;
        }
        List<Tag> tags = new ArrayList<>();
        var changed = false;
        var otherGroup = false;
        for (Tag tag : id.getTags()) {
            var value = tag.getValue();
            if (CAPPED.contains(tag.getKey())) {
                value = labels.capped(tag.getKey(), value);
            } else if (tag.getKey().equals(TASK) && otherGroup) {
                // "group" sorts before "task"
                value = CappedLabels.OTHER;
            }
            otherGroup |= tag.getKey().equals("group") && value.equals(CappedLabels.OTHER);
            changed |= !value.equals(tag.getValue());
            tags.add(Tag.of(tag.getKey(), value));
        }
        return changed ? id.replaceTags(tags) : id;
    }
}
