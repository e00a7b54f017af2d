package io.syncline.scheduler.run;

/** What one sweep repaired or raised. */
public record SweepResult(int timedOut, int overdue, int silent, int promoted, int freedSlots) {

    public boolean isEmpty() {
        return timedOut + overdue + silent + promoted + freedSlots == 0;
    }
}
