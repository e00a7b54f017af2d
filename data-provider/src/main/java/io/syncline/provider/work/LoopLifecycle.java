package io.syncline.provider.work;

import org.springframework.context.SmartLifecycle;

/** A component that starts and stops with the service, and that lives as long as its loop. */
public interface LoopLifecycle extends SmartLifecycle {

    PollLoop loop();

    @Override
    default void start() {
        loop().start();
    }

    @Override
    default void stop() {
        loop().stop();
    }

    @Override
    default boolean isRunning() {
        return loop().isRunning();
    }
}
