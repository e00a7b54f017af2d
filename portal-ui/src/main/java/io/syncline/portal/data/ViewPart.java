package io.syncline.portal.data;

import io.syncline.portal.page.Moment;
import io.syncline.portal.page.Moments;
import io.syncline.portal.page.Numbers;
import io.syncline.portal.page.StateMark;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The user view on the page.
 *
 * @param recent how fresh it was lately, in words
 * @param checkedBy groups that check it
 * @param comparedBy groups that compare it with its source
 */
record ViewPart(
        StateMark mark,
        long generation,
        @Nullable Moment liveSince,
        @Nullable Moment asOf,
        String recent,
        long parked,
        List<String> breaches,
        List<FeedRow> feeds,
        WorkRow work,
        List<String> checkedBy,
        List<String> comparedBy) {

    /** @param behind numbered changes that are not in the view; null when that is not known */
    record FeedRow(
            String dataset,
            String seq,
            @Nullable String behind,
            @Nullable Moment asOf,
            boolean gone) {}

    /**
     * @param progress rows filled of those expected
     * @param tries that failed in a row; null: none
     */
    record WorkRow(
            StateMark mark,
            String what,
            Moment opened,
            @Nullable Moment ended,
            String progress,
            @Nullable String tries) {}

    /** @param provider null when it is not known */
    static ViewPart of(
            ConsumerStatus.View view, @Nullable ProviderStatus provider, ReadingGroups groups, Moments moments) {
        var recent = view.recent();
        return new ViewPart(
                Marks.ofView(view),
                view.generation(),
                moments.orNull(view.liveSince()),
                moments.orNull(view.asOf()),
                recent.changes() == 0
                        ? "no change came"
                        : "%s, %s late, the slowest after %s"
                                .formatted(
                                        Numbers.counted(recent.changes(), "change", "changes"),
                                        Numbers.grouped(recent.late()),
                                        Sizes.millis(recent.longestMillis())),
                view.parked(),
                view.breaches(),
                view.feeds().stream()
                        .map(feed -> new FeedRow(
                                feed.dataset(),
                                Numbers.grouped(feed.seq()),
                                behind(feed, provider),
                                moments.orNull(feed.asOf()),
                                feed.gone()))
                        .toList(),
                work(view.lastWork(), moments),
                groups.calling("/sync/user-view-check"),
                groups.calling("/sync/user-view-reconcile"));
    }

    private static @Nullable String behind(ConsumerStatus.Feed feed, @Nullable ProviderStatus provider) {
        if (provider == null) {
            return null;
        }
        return provider.datasets().stream()
                .filter(set -> set.name().equals(feed.dataset()))
                .map(ProviderStatus.DataSet::log)
                .filter(log -> log != null)
                .map(log -> Numbers.grouped(Math.max(0, log.lastSeq() - feed.seq())))
                .findFirst()
                .orElse(null);
    }

    private static WorkRow work(ConsumerStatus.Work work, Moments moments) {
        var what = switch (work.purpose()) {
            case "FIRST" -> "the first copy";
            case "REBUILD" -> "a rebuild";
            case "RECONCILE" -> "a comparison with the source";
            default -> work.purpose().toLowerCase(Locale.ROOT);
        };
        return new WorkRow(
                Marks.ofWork(work.state()),
                what,
                moments.of(work.openedAt()),
                moments.orNull(work.endedAt()),
                work.expectedRows() == 0
                        ? "-"
                        : "%s of %s rows".formatted(Numbers.grouped(work.rows()), Numbers.grouped(work.expectedRows())),
                work.tries() == 0 ? null : Numbers.counted(work.tries(), "failed try", "failed tries"));
    }
}
