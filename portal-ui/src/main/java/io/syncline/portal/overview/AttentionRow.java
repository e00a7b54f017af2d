package io.syncline.portal.overview;

import io.syncline.portal.overview.OverviewAnswer.Failed;
import io.syncline.portal.overview.OverviewAnswer.Flag;
import io.syncline.portal.overview.OverviewAnswer.Incident;
import io.syncline.portal.overview.OverviewAnswer.Late;
import io.syncline.portal.overview.OverviewAnswer.Rejected;
import io.syncline.portal.page.Moment;
import io.syncline.portal.page.Moments;
import io.syncline.portal.page.StateMark;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.UriComponentsBuilder;

/**
 * One thing that needs somebody.
 *
 * @param flags shown solid, instead of the mark or beside it
 * @param subject what it is about, a link
 * @param count how many, a link to the list that makes the number
 * @param why in words, with what was said last
 * @param taken by whom it has been taken up; null: by nobody
 * @param open the first way on
 * @param retry null: there is nothing to retry, or not by this person
 * @param acknowledge null: as above
 */
record AttentionRow(
        String id,
        @Nullable StateMark mark,
        List<String> flags,
        Link subject,
        @Nullable Link count,
        String why,
        @Nullable String said,
        @Nullable Moment since,
        @Nullable String taken,
        Link open,
        @Nullable Link retry,
        @Nullable Link acknowledge) {

    record Link(String text, String path) {}

    static AttentionRow of(Failed failed, boolean operates, Moments moments) {
        var newest = path("/runs/{id}", failed.runId());
        var open = failed.count().value();
        var taken = failed.acknowledged() >= open
                ? failed.resolution() == null
                        ? "taken up"
                        : "taken up by " + failed.resolution().by()
                : null;
        return new AttentionRow(
                "failed-" + failed.group(),
                StateMark.ofTaskRun("FAILED", failed.cause(), null, false),
                List.of(),
                new Link(failed.group(), path("/groups/{key}", failed.group())),
                new Link(
                        failed.count().text() + (open == 1 ? " failed run" : " failed runs"),
                        UriComponentsBuilder.fromPath("/runs")
                                .queryParam("group", "{group}")
                                .queryParam("state", "FAILED")
                                .queryParam("unresolved", "true")
                                .encode()
                                .buildAndExpand(failed.group())
                                .toUriString()),
                (failed.task() == null ? "a task" : failed.task()) + ": " + cause(failed.cause()),
                failed.message(),
                moments.of(failed.firstSince()),
                taken,
                new Link(failed.businessKey() == null ? "Open run" : "Open " + failed.businessKey(), newest),
                failed.allowedActions().contains("rerun-failed")
                        ? new Link(
                                open == 1 ? "Retry failed" : "Retry newest",
                                path("/runs/{id}/actions/rerun-failed?back=/", failed.runId()))
                        : null,
                operates && taken == null ? acknowledging(failed.alertId(), failed.alertState()) : null);
    }

    static AttentionRow of(Late late, boolean operates, Moments moments) {
        var sign = late.lastSign();
        return new AttentionRow(
                "late-" + late.runId(),
                null,
                late.flags().stream()
                        .filter(flag ->
                                flag.flag().equals("OVERDUE") || flag.flag().equals("SILENT"))
                        .map(flag -> flag.since() == null
                                ? flag.flag()
                                : flag.flag() + " " + Moments.span(flag.since(), moments.now()))
                        .toList(),
                new Link(late.group(), path("/groups/{key}", late.group())),
                null,
                late.task() + ": "
                        + (sign == null
                                ? "nothing heard yet"
                                : "last sign " + moments.of(sign).text()),
                late.deadline() == null
                        ? null
                        : "Fails at " + moments.of(late.deadline()).text() + " unless it ends.",
                late.flags().stream()
                        .map(Flag::since)
                        .filter(java.util.Objects::nonNull)
                        .min(java.util.Comparator.naturalOrder())
                        .map(moments::of)
                        .orElse(null),
                "ACKNOWLEDGED".equals(late.alertState()) ? "taken up" : null,
                new Link(
                        late.businessKey() == null ? "Open run" : "Open " + late.businessKey(),
                        path("/runs/{id}", late.runId())),
                null,
                operates ? acknowledging(late.alertId(), late.alertState()) : null);
    }

    static AttentionRow of(Rejected rejected, Moments moments) {
        var inbox = UriComponentsBuilder.fromPath("/triggers")
                .queryParam("status", "REJECTED")
                .queryParam("source", "{source}")
                .encode()
                .buildAndExpand(rejected.source())
                .toUriString();
        var one = rejected.count().value() == 1;
        return new AttentionRow(
                "rejected-" + Integer.toHexString(rejected.source().hashCode()),
                new StateMark("triangle", "REJECTED", "attention"),
                List.of(),
                new Link(rejected.source(), inbox),
                new Link(rejected.count().text() + (one ? " rejected trigger" : " rejected triggers"), inbox),
                rejected.title() == null ? "not accepted" : rejected.title(),
                rejected.detail(),
                moments.of(rejected.firstAt()),
                null,
                new Link("Open newest", path("/triggers/{id}", rejected.triggerId())),
                null,
                null);
    }

    static AttentionRow of(Incident incident, Moments moments) {
        var open =
                incident.allowedActions() != null && incident.allowedActions().contains("acknowledge");
        var alert = path("/alerts/{id}", incident.alertId());
        return new AttentionRow(
                "alert-" + incident.alertId(),
                new StateMark("triangle", words(incident.condition()), "attention"),
                List.of(),
                incident.system() == null
                        ? new Link(incident.cause(), alert)
                        : new Link(incident.system(), path("/systems/{key}", incident.system())),
                incident.standing() > 1 ? new Link(incident.standing() + " of them", alert) : null,
                incident.title(),
                incident.silencedUntil() == null
                        ? null
                        : "Silenced until "
                                + moments.of(incident.silencedUntil()).text() + ".",
                moments.of(incident.openedAt()),
                incident.acknowledged() == null
                        ? null
                        : "taken up by " + incident.acknowledged().by(),
                incident.condition().equals("DEAD_LETTER")
                        ? new Link("Open delivery", "/delivery")
                        : new Link("Open alert", alert),
                null,
                open ? acknowledging(incident.alertId(), incident.state()) : null);
    }

    private static @Nullable Link acknowledging(@Nullable String alertId, @Nullable String state) {
        return alertId == null || !"OPEN".equals(state)
                ? null
                : new Link("Acknowledge", path("/alerts/{id}/acknowledge?back=/", alertId));
    }

    private static String path(String path, String variable) {
        return UriComponentsBuilder.fromUriString(path)
                .encode()
                .buildAndExpand(variable)
                .toUriString();
    }

    /** As a sentence would end. */
    private static String cause(@Nullable String cause) {
        if (cause == null) {
            return "failed";
        }
        return switch (cause) {
            case "REFUSED" -> "refused by its system";
            case "TIMED_OUT" -> "not ended in time";
            case "REPORTED_FAILED" -> "reported FAILED";
            case "RECONCILIATION_MISMATCH" -> "done, but the rows do not add up";
            case "RECONCILIATION_MISSING" -> "done, but its rows were not counted";
            case "OPERATOR" -> "failed by an operator";
            default -> words(cause).toLowerCase(Locale.ROOT);
        };
    }

    private static String words(String name) {
        return java.util.Arrays.stream(name.split("_")).collect(Collectors.joining(" "));
    }
}
