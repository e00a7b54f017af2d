package io.syncline.scheduler.alert;

import io.syncline.outbox.OutboxRelay;
import org.springframework.context.SmartLifecycle;

/** Runs the relay while the application runs. */
final class RelayLifecycle implements SmartLifecycle {

    private final OutboxRelay relay;

    RelayLifecycle(OutboxRelay relay) {
        this.relay = relay;
    }

    @Override
    public void start() {
        relay.start();
    }

    @Override
    public void stop() {
        relay.close();
    }

    @Override
    public boolean isRunning() {
        return relay.isRunning();
    }
}
