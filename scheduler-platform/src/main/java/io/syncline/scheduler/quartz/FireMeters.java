package io.syncline.scheduler.quartz;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import org.quartz.JobExecutionContext;
import org.quartz.Trigger;
import org.quartz.listeners.TriggerListenerSupport;

/** Measures the clock: how late it fires, and what it missed. */
final class FireMeters extends TriggerListenerSupport {

    private final Timer delay;
    private final Counter misfires;

    FireMeters(MeterRegistry meters) {
        this.delay = Timer.builder("syncline.scheduler.fire.delay")
                .description("From the time that a trigger was to fire to its firing")
                .serviceLevelObjectives(
                        Duration.ofMillis(100),
                        Duration.ofMillis(500),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(300))
                .register(meters);
        this.misfires = Counter.builder("syncline.scheduler.misfires")
                .description("Firings that were missed by more than the misfire threshold")
                .register(meters);
    }

    @Override
    public String getName() {
        return "fire-meters";
    }

    @Override
    public void triggerFired(Trigger trigger, JobExecutionContext context) {
        var late =
                context.getFireTime().getTime() - context.getScheduledFireTime().getTime();
        delay.record(Duration.ofMillis(Math.max(0, late)));
    }

    @Override
    public void triggerMisfired(Trigger trigger) {
        misfires.increment();
    }
}
