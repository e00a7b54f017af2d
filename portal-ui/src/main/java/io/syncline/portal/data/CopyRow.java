package io.syncline.portal.data;

import io.syncline.portal.page.Moment;
import io.syncline.portal.page.Moments;
import io.syncline.portal.page.Numbers;
import io.syncline.portal.page.StateMark;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A copy that the data consumer holds, as a row.
 *
 * @param behind how much newer the set is at its source; null: it is not, or that is not known
 * @param groups that call for it
 */
record CopyRow(
        StateMark mark,
        String source,
        String path,
        @Nullable Moment asOf,
        @Nullable String behind,
        String rows,
        List<String> groups) {

    /** @param provider null when it is not known */
    static CopyRow of(
            ConsumerStatus.Copy copy, @Nullable ProviderStatus provider, ReadingGroups groups, Moments moments) {
        var atSource = provider == null ? null : atSource(copy, provider);
        var asOf = copy.asOf();
        return new CopyRow(
                Marks.ofCopy(copy, atSource),
                copy.source(),
                copy.path(),
                moments.orNull(asOf),
                asOf == null || atSource == null || !atSource.isAfter(asOf)
                        ? null
                        : Sizes.seconds(Duration.between(asOf, atSource).toSeconds()),
                Numbers.grouped(copy.rows()),
                groups.calling(copy.path()));
    }

    private static @Nullable Instant atSource(ConsumerStatus.Copy copy, ProviderStatus provider) {
        return provider.datasets().stream()
                .filter(set -> set.name().equals(copy.source()))
                .findFirst()
                .map(ProviderStatus.DataSet::asOf)
                .orElse(null);
    }
}
