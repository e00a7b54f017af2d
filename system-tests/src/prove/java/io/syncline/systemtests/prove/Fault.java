package io.syncline.systemtests.prove;

import java.util.Locale;
import java.util.concurrent.Semaphore;

/**
 * A kind of fault.
 *
 * @param name as in the report
 * @param stops what may not work while it lasts: database, dispatch, node, downstream, data; empty: nothing
 * @param action injects it, holds it, and takes it back
 */
record Fault(String name, String stops, Action action) {

    interface Action {
        void run(Strike strike) throws Exception;
    }

    /** By what is spoilt and how, such as {@code entrance-black-hole}. */
    static String name(String what, Enum<?> how) {
        return what + "-" + how.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Waits for its turn where another of those that share the permit is under way. */
    static Action alone(Semaphore one, Action action) {
        return strike -> {
            one.acquire();
            try {
                action.run(strike);
            } finally {
                one.release();
            }
        };
    }
}
