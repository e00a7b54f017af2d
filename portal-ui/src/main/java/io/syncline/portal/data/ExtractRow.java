package io.syncline.portal.data;

import io.syncline.portal.data.ExtractAnswer.Extract;
import io.syncline.portal.page.Moment;
import io.syncline.portal.page.Moments;
import io.syncline.portal.page.Numbers;
import io.syncline.portal.page.StateMark;
import org.jspecify.annotations.Nullable;

/** An extract as a row, and on its own page. */
record ExtractRow(
        StateMark mark,
        String id,
        String shortId,
        String dataset,
        String by,
        String shape,
        String rows,
        String files,
        String size,
        Moment asOf,
        Moment created,
        @Nullable Moment ended,
        Moment expires,
        @Nullable String failure) {

    private static final int SHORT = 8;

    static ExtractRow of(Extract one, Moments moments) {
        var id = one.extractId();
        return new ExtractRow(
                Marks.ofExtract(one.state()),
                id,
                id.length() <= SHORT ? id : "…" + id.substring(id.length() - SHORT),
                one.dataset(),
                one.requestedBy() == null ? "not noted" : one.requestedBy(),
                "%s, %s rows a file".formatted(one.format(), Numbers.grouped((long) one.rowsPerFile())),
                Numbers.grouped(one.rows()),
                Numbers.grouped(one.files()),
                one.files() == 0 ? "-" : Sizes.bytes(one.bytes()),
                moments.of(one.asOf()),
                moments.of(one.createdAt()),
                moments.orNull(one.endedAt()),
                moments.of(one.expiresAt()),
                one.failure());
    }
}
