package io.syncline.portal.triggers;

import io.syncline.portal.page.Moment;
import io.syncline.portal.page.Moments;
import io.syncline.portal.page.Numbers;
import io.syncline.portal.page.StateMark;
import io.syncline.portal.triggers.TriggerView.Copy;
import io.syncline.portal.triggers.TriggerView.StartedRun;
import io.syncline.portal.triggers.TriggerView.VerificationView;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A message as a row of the inbox, and as the head of its own page.
 *
 * @param why in one sentence, of a message that started nothing
 * @param cameAgain in words, of a message that came more than once
 * @param isFixable whether a corrected copy may be sent: it is rejected, and no copy of it was taken yet
 * @param topics of the live page: what changes it
 */
record TriggerRow(
        String triggerId,
        StateMark mark,
        String source,
        String id,
        String type,
        @Nullable String subject,
        String via,
        @Nullable Moment received,
        @Nullable String why,
        @Nullable String cameAgain,
        @Nullable Moment lastCopy,
        List<RunLink> runs,
        List<CopyLink> copies,
        @Nullable Waiting waiting,
        boolean isFixable,
        String topics) {

    static TriggerRow of(TriggerView message, Moments moments) {
        var runs = message.runsOrNone().stream().map(RunLink::of).toList();
        var topics = new StringBuilder("trigger:").append(message.triggerId());
        runs.forEach(run -> topics.append(" run:").append(run.runId()));
        return new TriggerRow(
                message.triggerId(),
                mark(message.status()),
                orDash(message.source()),
                orDash(message.id()),
                orDash(message.type()),
                message.subject(),
                via(message),
                moments.orNull(message.receivedAt()),
                why(message),
                cameAgain(message),
                moments.orNull(message.lastCopyAt()),
                runs,
                message.copiesSent().stream().map(CopyLink::of).toList(),
                Waiting.of(message.verification(), moments),
                message.isRejected() && !message.isCorrected(),
                topics.toString());
    }

    /** States of messages share no word with those of runs but look as if they were one family. */
    static StateMark mark(@Nullable String status) {
        return switch (Objects.requireNonNullElse(status, "")) {
            case "ACCEPTED" -> new StateMark("tick", "ACCEPTED", "success");
            case "VERIFYING" -> new StateMark("clock-ring", "VERIFYING", "active");
            case "DISCARDED" -> new StateMark("barred-ring", "DISCARDED", "neutral");
            case "REJECTED" -> new StateMark("octagon", "REJECTED", "failed");
            case "CONFLICT" -> new StateMark("triangle", "CONFLICT", "attention");
            default -> new StateMark("question", orDash(status), "neutral");
        };
    }

    private static String via(TriggerView message) {
        if (message.place() != null) {
            return "Kafka " + message.place();
        }
        return switch (Objects.requireNonNullElse(message.transport(), "")) {
            case "REST", "" -> "REST";
            case "KAFKA" -> "Kafka";
            default -> orDash(message.transport()).toLowerCase(Locale.ROOT);
        };
    }

    private static @Nullable String why(TriggerView message) {
        var problem = message.problem();
        if (problem != null) {
            return problem.errorsOrNone().isEmpty()
                    ? problem.detail()
                    : problem.sentences().get(0);
        }
        return "DISCARDED".equals(message.status())
                ? "Its source did not confirm it in time; its id can be sent again."
                : null;
    }

    private static @Nullable String cameAgain(TriggerView message) {
        var copies = message.copies();
        return copies == null || copies == 0 ? null : Numbers.counted(copies, "copy more came", "copies more came");
    }

    static String orDash(@Nullable String text) {
        return text == null || text.isEmpty() ? "-" : text;
    }

    static String shortened(String id) {
        return id.length() <= 12 ? id : id.substring(0, 8) + "…" + id.substring(id.length() - 4);
    }

    /** A run that came of it. */
    record RunLink(
            String runId,
            String shortId,
            String group,
            StateMark mark,
            @Nullable String mergedInto,
            @Nullable String error) {

        static RunLink of(StartedRun run) {
            return new RunLink(
                    run.runId(),
                    shortened(run.runId()),
                    orDash(run.group()),
                    StateMark.ofRun(run.state()),
                    run.mergedInto(),
                    run.error());
        }
    }

    /** A corrected copy of it. */
    record CopyLink(String triggerId, String shortId, StateMark mark) {

        static CopyLink of(Copy copy) {
            return new CopyLink(copy.triggerId(), shortened(copy.triggerId()), TriggerRow.mark(copy.status()));
        }
    }

    /** What a message that is verified waits for. */
    record Waiting(
            @Nullable Moment next,
            @Nullable Integer failures,
            @Nullable String lastOutcome,
            List<LookRow> looks) {

        static @Nullable Waiting of(@Nullable VerificationView verification, Moments moments) {
            return verification == null
                    ? null
                    : new Waiting(
                            moments.orNull(verification.nextLookAt()),
                            verification.failures(),
                            verification.lastOutcome(),
                            verification.looksOrNone().stream()
                                    .map(look -> new LookRow(
                                            orDash(look.system()),
                                            orDash(look.path()),
                                            moments.orNull(look.giveUpAt()),
                                            Boolean.TRUE.equals(look.found())))
                                    .toList());
        }
    }

    record LookRow(String system, String path, @Nullable Moment giveUp, boolean found) {}
}
