package io.syncline.scheduler.store;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Which pool this thread's next connection comes from. Choose before the transaction begins: inside it the connection is
 * already there. Quartz has a pool of its own.
 */
public enum ConnectionPool {
    API,
    DISPATCH,
    BULK;

    private static final ThreadLocal<@Nullable ConnectionPool> CHOSEN = new ThreadLocal<>();

    public <T extends @Nullable Object> T call(Supplier<T> work) {
        var before = CHOSEN.get();
        CHOSEN.set(this);
        try {
            return work.get();
        } finally {
            if (before == null) {
                CHOSEN.remove();
            } else {
                CHOSEN.set(before);
            }
        }
    }

    public void run(Runnable work) {
        this.<@Nullable Object>call(() -> {
            work.run();
            return null;
        });
    }

    static ConnectionPool current() {
        var chosen = CHOSEN.get();
        return chosen == null ? API : chosen;
    }
}
