package io.syncline.portal.page;

import org.jspecify.annotations.Nullable;

/**
 * How a state looks: a shape, a word, a colour. Any two of them tell it apart, so it can be read without the colour.
 *
 * @param shape id of the symbol in the page's sprite
 * @param word what is written beside it
 * @param hue one of the five colour roles: success, active, attention, failed, neutral
 */
public record StateMark(String shape, String word, String hue) {

    public static StateMark ofRun(String state) {
        return switch (state) {
            case "QUEUED" -> new StateMark("ring", state, "neutral");
            case "RUNNING" -> new StateMark("half-disc", state, "active");
            case "COMPLETED" -> new StateMark("tick", state, "success");
            case "FAILED" -> new StateMark("octagon", state, "failed");
            case "CANCELLED" -> new StateMark("barred-ring", state, "neutral");
            case "SKIPPED" -> new StateMark("chevrons", state, "neutral");
            default -> unknown(state);
        };
    }

    public static StateMark ofTaskRun(String state, @Nullable String cause, @Nullable Integer attempt, boolean manual) {
        return switch (state) {
            case "WAITING" -> new StateMark("ring", state, "neutral");
            case "DUE" ->
                attempt != null && attempt > 1
                        ? new StateMark("again", "DUE again", "attention")
                        : new StateMark("ring", state, "active");
            case "CALLING" -> new StateMark("half-disc", state, "active");
            case "RUNNING" -> new StateMark("clock-ring", state, "active");
            case "COMPLETED" ->
                manual
                        ? new StateMark("manual-tick", "COMPLETED by hand", "success")
                        : new StateMark("tick", state, "success");
            case "FAILED" ->
                "TIMED_OUT".equals(cause)
                        ? new StateMark("octagon-clock", "FAILED (timed out)", "failed")
                        : new StateMark("octagon", state, "failed");
            default -> ofRun(state);
        };
    }

    public static StateMark ofFile(@Nullable String status) {
        return status == null
                ? unknown("no status")
                : "RUNNING".equals(status) ? new StateMark("half-disc", status, "active") : ofRun(status);
    }

    private static StateMark unknown(String state) {
        return new StateMark("question", state, "neutral");
    }
}
