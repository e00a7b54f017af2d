package io.syncline.scheduler.catalog;

import java.util.List;

/** Which conditions of a group are told over which channels. */
public record AlertRule(List<AlertCondition> when, List<String> channels) {

    public AlertRule {
        when = List.copyOf(when);
        channels = List.copyOf(channels);
    }
}
