package io.syncline.portal.overview;

import io.syncline.portal.overview.OverviewAnswer.Group;
import io.syncline.portal.page.Lately;
import io.syncline.portal.page.Moments;

/** A group, and how it has done lately. */
record GroupRow(String group, boolean isPaused, Lately lately) {

    static GroupRow of(Group group, Moments moments) {
        return new GroupRow(
                group.group(),
                group.paused() != null,
                Lately.of(group.runs(), group.lastSuccess(), group.freshness(), group.overTarget(), moments));
    }
}
