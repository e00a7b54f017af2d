package io.syncline.scheduler.trigger;

import io.syncline.scheduler.security.ProblemException;
import java.util.List;

/** A message that is no CloudEvent: the sender must change it. */
final class MalformedEventException extends RuntimeException {

    /**
     * One thing that is wrong.
     *
     * @param place JSON pointer, or the name of a header
     */
    record Fault(String place, String detail, String code) {}

    private static final long serialVersionUID = 1L;

    private static final int TOO_LARGE = 413;

    private final transient List<Fault> faults;
    private final int status;

    MalformedEventException(List<Fault> faults) {
        this(400, faults);
    }

    /** @param status 400 for no CloudEvent, 413 for one that is too large, 422 for content that cannot be compared */
    MalformedEventException(int status, List<Fault> faults) {
        super(faults.toString());
        this.status = status;
        this.faults = List.copyOf(faults);
    }

    /** @param detail how large it may be */
    static MalformedEventException tooLarge(String detail) {
        return new MalformedEventException(TOO_LARGE, List.of(new Fault("", detail, "too-large")));
    }

    /** How its sender is told. */
    ProblemException problem() {
        if (status == TOO_LARGE) {
            return ProblemException.of(413, "body-too-large", "The body is too large")
                    .detail(faults.get(0).detail());
        }
        var problem = status == 400
                ? ProblemException.of(400, "malformed-event", "The body is no CloudEvent")
                        .detail("Correct the members that are named (CloudEvents 1.0).")
                : ProblemException.of(422, "trigger-data-invalid", "The data of the message is not valid")
                        .detail("Correct the members that are named.");
        for (var fault : faults) {
            if (!fault.place().isEmpty() && !fault.place().startsWith("/")) {
                problem.headerError(fault.place(), fault.detail(), fault.code());
            } else {
                problem.error(fault.place(), fault.detail(), fault.code());
            }
        }
        return problem;
    }

    int status() {
        return status;
    }

    List<Fault> faults() {
        return faults;
    }
}
