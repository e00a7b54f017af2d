package io.syncline.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Runs a flow once to count its calls, and then once for each call and each way in which that can fail. What it says of a
 * failure is what repeats it: {@code -Dsyncline.sweep=flow/kind/number/failure} tries that alone, and lets the product's log
 * be seen.
 */
public final class Sweep {

    private static final String ONLY = System.getProperty("syncline.sweep", "");
    private static final int MOST_TOLD = 5;

    private Sweep() {}

    /**
     * What was tried.
     *
     * @param calls that the flow makes when none fails
     * @param tries runs with one that failed
     */
    public record Tried(String flow, String kind, int calls, int tries) {
        @Override
        public String toString() {
            return flow + ": " + calls + " " + kind + " calls, " + tries + " failures";
        }
    }

    /** @throws AssertionError naming each try that broke a promise, the first of them as cause */
    public static Tried over(String name, Calls calls, Supplier<? extends Flow> flows) {
        return ONLY.isEmpty() ? QuietLog.during(() -> sweep(name, calls, flows)) : sweep(name, calls, flows);
    }

    private static Tried sweep(String name, Calls calls, Supplier<? extends Flow> flows) {
        int count = count(name, calls, flows);
        var undone =
                IntStream.rangeClosed(1, count).filter(calls::isUndone).boxed().collect(Collectors.toSet());
        if (count == 0) {
            throw new AssertionError(name + " makes no " + calls.kind() + " call");
        }
        var broken = new ArrayList<String>();
        Throwable first = null;
        int tries = 0;
        for (int number = 1; number <= count; number++) {
            for (var failure : Failure.values()) {
                var named = name + "/" + calls.kind() + "/" + number + "/" + failure;
                if ((!ONLY.isEmpty() && !ONLY.equals(named))
                        || (failure == Failure.MADE_UNHEARD && undone.contains(number))) {
                    continue;
                }
                tries++;
                try {
                    attempt(calls, number, failure, flows);
                } catch (Exception | AssertionError e) {
                    broken.add(
                            "-Dsyncline.sweep=" + named + " (" + calls.struck().orElse("not reached") + "): " + e);
                    first = first == null ? e : first;
                }
            }
        }
        if (first != null) {
            throw new AssertionError(told(name, broken, tries), first);
        }
        return new Tried(name, calls.kind(), count, tries);
    }

    private static int count(String name, Calls calls, Supplier<? extends Flow> flows) {
        try (var flow = flows.get()) {
            calls.count();
            try {
                flow.go();
            } finally {
                calls.off();
            }
            flow.finish();
            flow.check();
            return calls.made();
        } catch (Exception | AssertionError e) {
            throw new AssertionError(name + " without a fault: " + e, e);
        }
    }

    private static void attempt(Calls calls, int number, Failure failure, Supplier<? extends Flow> flows)
            throws Exception {
        try (var flow = flows.get()) {
            calls.failAt(number, failure);
            try {
                flow.go();
            } finally {
                calls.off();
            }
            if (calls.struck().isEmpty()) {
                throw new AssertionError("call " + number + " was not reached: the flow is not the same each time");
            }
            flow.finish();
            flow.check();
        }
    }

    private static String told(String name, List<String> broken, int tries) {
        var text = new StringBuilder(broken.size() + " of " + tries + " tries of " + name + " broke a promise");
        broken.stream().limit(MOST_TOLD).forEach(one -> text.append("\n  ").append(one));
        if (broken.size() > MOST_TOLD) {
            text.append("\n  and ").append(broken.size() - MOST_TOLD).append(" more");
        }
        return text.toString();
    }
}
