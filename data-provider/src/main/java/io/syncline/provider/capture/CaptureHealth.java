package io.syncline.provider.capture;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** DOWN while the log cannot be followed, and when so much of it waits for the slot that the disk may fill. */
final class CaptureHealth implements HealthIndicator {

    private final Capture capture;

    CaptureHealth(Capture capture) {
        this.capture = capture;
    }

    @Override
    public Health health() {
        if (!capture.isOn()) {
            return Health.up().withDetail("captured", 0).build();
        }
        var state = capture.slotState();
        var failure = capture.failure();
        boolean up = failure.isEmpty()
                && state.filter(slot -> !slot.status().equals("lost") && slot.lag() <= capture.maxLag())
                        .isPresent();
        var health = up ? Health.up() : Health.down();
        state.ifPresent(slot -> health.withDetail("lagBytes", slot.lag())
                .withDetail("slot", slot.status())
                .withDetail("active", slot.active()));
        failure.ifPresent(reason -> health.withDetail("failure", reason));
        return health.build();
    }
}
