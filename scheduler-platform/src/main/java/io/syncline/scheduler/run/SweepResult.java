package io.syncline.scheduler.run;

/** What one sweep repaired or raised. */
public record SweepResult(int timedOut, int overdue, int silent, int noAnswer, int late, int promoted, int freedSlots) {

    public boolean isEmpty() {
        return timedOut + overdue + silent + noAnswer + late + promoted + freedSlots == 0;
    }
}
