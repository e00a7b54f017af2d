package io.syncline.systemtests.bench;

import java.util.Arrays;
import java.util.List;

/**
 * Where the figures of some rounds lie.
 *
 * @param median the middle one; of an even number of rounds the mean of the two in the middle
 */
record Spread(double least, double median, double most) {

    static Spread of(List<Double> figures) {
        var sorted = figures.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        if (sorted.length == 0) {
            throw new IllegalArgumentException("no round was measured");
        }
        double median = (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
        return new Spread(sorted[0], median, sorted[sorted.length - 1]);
    }

    /** The smallest of the sorted values that this part of them does not exceed. */
    static double at(double[] sorted, double part) {
        return sorted[Math.max(0, Math.min(sorted.length - 1, (int) Math.ceil(sorted.length * part) - 1))];
    }

    /** Milliseconds at this part of unsorted nanoseconds. */
    static double millis(long[] nanos, double part) {
        return at(Arrays.stream(nanos).mapToDouble(nano -> nano / 1e6).sorted().toArray(), part);
    }
}
