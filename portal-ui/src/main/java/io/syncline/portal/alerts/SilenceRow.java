package io.syncline.portal.alerts;

import io.syncline.portal.page.Moment;
import io.syncline.portal.page.Moments;
import io.syncline.portal.page.StateMark;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A silence as a row; {@code canEnd} while it stands or is still to come. */
record SilenceRow(
        String silenceId,
        StateMark mark,
        String matchers,
        Moment from,
        Moment until,
        String reason,
        String createdBy,
        @Nullable Moment ended,
        @Nullable String endedBy,
        boolean canEnd) {

    static SilenceRow of(SilenceView silence, Moments moments) {
        return new SilenceRow(
                String.valueOf(silence.silenceId()),
                AlertMarks.ofSilence(silence.state()),
                silence.matchers().stream().map(SilenceView.Matcher::inWords).collect(Collectors.joining(" and ")),
                moments.of(silence.from()),
                moments.of(silence.until()),
                silence.reason(),
                silence.createdBy(),
                moments.orNull(silence.endedAt()),
                silence.endedBy(),
                silence.state().equals("STANDING") || silence.state().equals("UPCOMING"));
    }
}
