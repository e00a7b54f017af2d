package io.syncline.scheduler.trigger;

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

    private final transient List<Fault> faults;
    private final int status;

    MalformedEventException(List<Fault> faults) {
        this(400, faults);
    }

    /** @param status 400 for no CloudEvent, 422 for content that cannot be compared */
    MalformedEventException(int status, List<Fault> faults) {
        super(faults.toString());
        this.status = status;
        this.faults = List.copyOf(faults);
    }

    int status() {
        return status;
    }

    List<Fault> faults() {
        return faults;
    }
}
