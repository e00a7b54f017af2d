package io.syncline.portal.data;

import io.syncline.portal.page.Moment;
import io.syncline.portal.page.Moments;
import io.syncline.portal.page.Numbers;
import io.syncline.portal.page.StateMark;
import org.jspecify.annotations.Nullable;

/** A subscription to changes, as a row. */
record PushRow(
        StateMark mark,
        String key,
        String dataset,
        String host,
        @Nullable String why,
        @Nullable Moment failing,
        String unstored,
        String pending,
        @Nullable Moment pendingSince,
        String dead,
        @Nullable Moment deadSince) {

    static PushRow of(ProviderStatus.Subscription one, Moments moments) {
        return new PushRow(
                Marks.ofSubscription(one),
                one.key(),
                one.dataset(),
                one.host(),
                one.disabledBecause(),
                moments.orNull(one.failingSince()),
                Numbers.grouped(one.unstored()),
                Numbers.grouped(one.pending()),
                moments.orNull(one.pendingSince()),
                Numbers.grouped(one.dead()),
                moments.orNull(one.deadSince()));
    }
}
