package io.syncline.portal.runs;

import io.syncline.portal.page.Moment;
import io.syncline.portal.page.Moments;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A page of the changes of state of a run, as the platform answers it. */
record History(List<MoveView> items, @Nullable String nextCursor) {

    static final History NONE = new History(List.of(), null);

    /** Of a task run, or of the run itself. */
    record MoveView(
            @Nullable Instant at,
            @Nullable String taskRunId,
            @Nullable String task,
            @Nullable String from,
            String to,
            @Nullable Integer attempt,
            String cause,
            @Nullable String detail,
            @Nullable String actor,
            @Nullable String node) {}

    List<Row> rows(Moments moments) {
        return items.stream().map(move -> Row.of(move, moments)).toList();
    }

    record Row(@Nullable Moment at, String what, String change, String why, String who) {

        static Row of(MoveView move, Moments moments) {
            var detail = Sentences.localised(move.detail(), moments);
            return new Row(
                    moments.orNull(move.at()),
                    move.task() == null
                            ? "the run"
                            : move.attempt() == null || move.attempt() < 2
                                    ? move.task()
                                    : move.task() + ", attempt " + move.attempt(),
                    move.from() == null ? move.to() : move.from() + " → " + move.to(),
                    move.cause().toLowerCase(Locale.ROOT).replace('_', ' ') + (detail == null ? "" : ": " + detail),
                    move.actor() == null ? (move.node() == null ? "-" : move.node()) : move.actor());
        }
    }
}
