package io.syncline.scheduler.ops;

import io.syncline.scheduler.ops.RunActions.Arguments;
import io.syncline.scheduler.run.RerunVersion;
import io.syncline.scheduler.run.ResolutionStatus;
import io.syncline.scheduler.run.RunAction;
import io.syncline.scheduler.run.TaskAction;
import io.syncline.scheduler.store.SteadyClock;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/** Reads what each action takes besides its reason; nothing else is known in its body. */
@Component
class ActionArguments {

    private static final int LONGEST_CALLBACK_ID = 256;
    private static final Set<ResolutionStatus> BY_HAND = EnumSet.complementOf(EnumSet.of(ResolutionStatus.SUPERSEDED));

    private final SteadyClock clock;

    ActionArguments(SteadyClock clock) {
        this.clock = clock;
    }

    /** @param also what the body may hold besides */
    Arguments of(RunAction action, ActionBody sent, String... also) {
        return switch (action) {
            case CANCEL, RERUN_FAILED -> {
                sent.knows(with(also, "reason"));
                yield Arguments.NONE;
            }
            case RERUN -> {
                sent.knows(with(also, "reason", "version"));
                yield new Arguments(sent.oneOf("version", RerunVersion.PINNED), null, null, null, null);
            }
            case RESOLUTION -> {
                sent.knows(with(also, "reason", "status", "until"));
                yield resolution(sent);
            }
        };
    }

    private Arguments resolution(ActionBody sent) {
        var status = sent.required("status", BY_HAND);
        var until = sent.future("until", clock.now());
        if (until != null && status == ResolutionStatus.RESOLVED) {
            sent.fault("/until", "goes with ACKNOWLEDGED and IGNORED; what is RESOLVED stays so", "invalid-value");
        }
        return new Arguments(RerunVersion.PINNED, status, until, null, null);
    }

    Arguments of(TaskAction action, ActionBody sent, String... also) {
        return switch (action) {
            case CALL_NOW, RETRY, SKIP, MARK_DONE -> {
                sent.knows(with(also, "reason"));
                yield Arguments.NONE;
            }
            case ACCEPT_LATE -> {
                sent.knows(with(also, "reason", "callbackId"));
                yield new Arguments(
                        RerunVersion.PINNED, null, null, sent.text("callbackId", LONGEST_CALLBACK_ID), null);
            }
        };
    }

    private static String[] with(String[] also, String... own) {
        return Stream.concat(Arrays.stream(also), Arrays.stream(own)).toArray(String[]::new);
    }
}
