package io.syncline.portal.alerts;

import io.syncline.portal.page.StateMark;

/** How the states of alerts, messages and silences look. */
final class AlertMarks {

    private AlertMarks() {}

    static StateMark ofAlert(String state) {
        return switch (state) {
            case "OPEN" -> new StateMark("octagon", "FIRING", "failed");
            case "ACKNOWLEDGED" -> new StateMark("half-disc", state, "attention");
            case "CLOSED" -> new StateMark("tick", state, "success");
            default -> unknown(state);
        };
    }

    static StateMark ofDelivery(String state) {
        return switch (state) {
            case "SENT" -> new StateMark("tick", state, "success");
            case "PENDING" -> new StateMark("again", "WAITING", "active");
            case "DEAD" -> new StateMark("octagon", "GIVEN UP", "failed");
            default -> unknown(state);
        };
    }

    static StateMark ofChannel(int waiting, int dead) {
        return dead > 0 ? ofDelivery("DEAD") : waiting > 0 ? ofDelivery("PENDING") : ofDelivery("SENT");
    }

    static StateMark ofSilence(String state) {
        return switch (state) {
            case "STANDING" -> new StateMark("bars", state, "attention");
            case "UPCOMING" -> new StateMark("ring", state, "active");
            case "EXPIRED", "ENDED" -> new StateMark("tick", state, "neutral");
            default -> unknown(state);
        };
    }

    private static StateMark unknown(String state) {
        return new StateMark("question", state, "neutral");
    }
}
