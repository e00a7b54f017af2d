package io.syncline.portal.systems;

import io.syncline.portal.page.StateMark;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a test call of a system has found out, step by step. */
record SystemTestView(
        @Nullable String status,
        @Nullable Long durationMs,
        @Nullable List<Target> targets) {

    public StateMark mark() {
        return marked(status, "all steps passed", "something failed");
    }

    public List<Target> targetsOrNone() {
        return targets == null ? List.of() : targets;
    }

    /** One instance, called with one way to authenticate. */
    record Target(
            @Nullable String instance,
            @Nullable String auth,
            @Nullable String credential,
            @Nullable String status,
            @Nullable List<Step> steps) {

        public List<Step> stepsOrNone() {
            return steps == null ? List.of() : steps;
        }
    }

    record Step(
            @Nullable String step,
            @Nullable String status,
            @Nullable Long durationMs,
            @Nullable String detail) {

        public StateMark mark() {
            return marked(status, word(), word());
        }

        private String word() {
            return switch (step == null ? "" : step) {
                case "destination" -> "approved destination";
                case "dns" -> "DNS";
                case "tcp" -> "connection";
                case "tls" -> "TLS";
                case "token" -> "token";
                case "ping" -> "ping";
                case "clockSkew" -> "clock";
                default -> step == null ? "-" : step;
            };
        }

        public String outcome() {
            return switch (status == null ? "" : status) {
                case "OK" -> "passed";
                case "FAILED" -> "failed";
                default -> "left out";
            };
        }
    }

    private static StateMark marked(@Nullable String status, String ok, String failed) {
        return switch (status == null ? "" : status) {
            case "OK" -> new StateMark("tick", ok, "success");
            case "FAILED" -> new StateMark("octagon", failed, "failed");
            default -> new StateMark("chevrons", ok.equals(failed) ? ok : "there was nothing to test", "neutral");
        };
    }
}
