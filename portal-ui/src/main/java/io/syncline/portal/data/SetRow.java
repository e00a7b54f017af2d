package io.syncline.portal.data;

import io.syncline.portal.page.Moment;
import io.syncline.portal.page.Moments;
import io.syncline.portal.page.Numbers;
import io.syncline.portal.page.StateMark;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A data set as a row.
 *
 * @param source who writes it, in words
 * @param log its change log in words; null without one
 * @param waiting since when a change waits for its number
 * @param readers that are known, each with how far it is
 * @param lookups how long they take, in words; null: nobody looks anything up
 */
record SetRow(
        StateMark mark,
        String name,
        String source,
        String rows,
        @Nullable Moment asOf,
        @Nullable Moment imported,
        @Nullable String log,
        @Nullable Moment lastChange,
        @Nullable Moment waiting,
        List<Reader> readers,
        @Nullable String lookups) {

    /**
     * @param link to where more is said of it
     * @param isLate whether it needs a look
     */
    record Reader(String who, String howFar, String link, boolean isLate) {}

    /** @param consumer null when it is not known */
    static SetRow of(
            ProviderStatus.DataSet set,
            ProviderStatus status,
            @Nullable ConsumerStatus consumer,
            ReadingGroups groups,
            Moments moments) {
        var log = set.log();
        return new SetRow(
                Marks.ofSet(set, status.at()),
                set.name(),
                source(set.source()),
                Numbers.grouped(set.rows()),
                moments.orNull(set.asOf()),
                moments.orNull(set.importedAt()),
                log == null ? null : log(log),
                log == null ? null : moments.orNull(log.lastChangeAt()),
                log == null ? null : moments.orNull(log.waitingSince()),
                readers(set, status, consumer, groups),
                lookups(set.lookups()));
    }

    private static String source(String source) {
        return switch (source) {
            case "HERE" -> "the provider's own";
            case "ELSEWHERE" -> "others'";
            case "CAPTURED" -> "others', captured";
            default -> source;
        };
    }

    private static String log(ProviderStatus.Log log) {
        if (log.lastSeq() < log.firstSeq()) {
            return log.recording() ? "no change is kept" : "not recorded any more";
        }
        var kept = "change %s, kept from %s".formatted(Numbers.grouped(log.lastSeq()), Numbers.grouped(log.firstSeq()));
        return log.recording() ? kept : kept + ", not recorded any more";
    }

    private static List<Reader> readers(
            ProviderStatus.DataSet set,
            ProviderStatus status,
            @Nullable ConsumerStatus consumer,
            ReadingGroups groups) {
        var readers = new ArrayList<Reader>();
        var log = set.log();
        if (log != null) {
            log.readers().stream()
                    .filter(reader -> reader.reader().equals("kafka"))
                    .map(reader -> new Reader(
                            "Kafka topic",
                            behind(reader.behind(), reader.oldestSeconds()),
                            "#sets",
                            reader.lostAt() > 0.5))
                    .forEach(readers::add);
        }
        status.subscriptions().of(set.name()).stream()
                .map(one -> new Reader(
                        "subscription " + one.key(),
                        one.active() ? behind(one.unstored() + one.pending(), 0) : "disabled",
                        "#push",
                        !one.active() || one.dead() > 0))
                .forEach(readers::add);
        if (consumer != null) {
            consumer.userView().feeds().stream()
                    .filter(feed -> feed.dataset().equals(set.name()))
                    .map(feed -> new Reader(
                            "user view",
                            feed.gone() || log == null ? "cut off" : behind(Math.max(0, log.lastSeq() - feed.seq()), 0),
                            "#view",
                            feed.gone()))
                    .forEach(readers::add);
            consumer.copies().stream()
                    .filter(copy -> copy.source().equals(set.name()))
                    .forEach(copy -> {
                        readers.add(new Reader(
                                "copy at the consumer",
                                Marks.ofCopy(copy, set.asOf()).word().toLowerCase(Locale.ROOT),
                                "#copies",
                                false));
                        groups.calling(copy.path())
                                .forEach(key -> readers.add(new Reader("group " + key, "", "/groups/" + key, false)));
                    });
        }
        return readers;
    }

    private static String behind(long changes, long oldestSeconds) {
        if (changes == 0) {
            return "nothing behind";
        }
        var words = Numbers.counted(changes, "change behind", "changes behind");
        return oldestSeconds == 0 ? words : words + ", the oldest " + Sizes.seconds(oldestSeconds);
    }

    private static @Nullable String lookups(ProviderStatus.@Nullable Lookups lookups) {
        if (lookups == null || lookups.complete() == 0) {
            return null;
        }
        var p99 = lookups.p99Millis();
        return "p99 " + (p99 == null ? "over 30 s" : "≤ " + Sizes.millis(p99));
    }
}
