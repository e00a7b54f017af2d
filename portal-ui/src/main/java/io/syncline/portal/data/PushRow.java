package io.syncline.portal.data;

import io.syncline.portal.page.Moment;
import io.syncline.portal.page.Moments;
import io.syncline.portal.page.Numbers;
import io.syncline.portal.page.StateMark;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * A subscription to changes, as a row.
 *
 * @param replay call that sends once more what was given up; null: nothing was
 */
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
        @Nullable Moment deadSince,
        @Nullable String replay) {

    static PushRow of(ProviderStatus.Subscription one, URI provider, Moments moments) {
        var deadSince = one.deadSince();
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
                moments.orNull(deadSince),
                deadSince == null ? null : Samples.replay(provider, one.key(), deadSince));
    }
}
