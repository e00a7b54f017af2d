package io.syncline.contracts;

import org.jspecify.annotations.Nullable;

/**
 * The comparison of what should be there with what is there.
 *
 * @param expectedRows rows that the source has
 * @param actualRows rows that the target has
 * @param missing rows of the source that the target lacks
 * @param unexpected rows of the target that the source lacks
 * @param different rows in both whose content differs
 */
public record Reconciliation(
        @Nullable Long expectedRows,
        @Nullable Long actualRows,
        @Nullable Long missing,
        @Nullable Long unexpected,
        @Nullable Long different) {

    /** Whether every difference is within the tolerance; an absent number counts as zero, a negative one never balances. */
    public boolean isBalanced(long toleranceRows) {
        var expected = orZero(expectedRows);
        var actual = orZero(actualRows);
        return expected >= 0
                && actual >= 0
                && Math.abs(expected - actual) <= toleranceRows
                && isWithin(missing, toleranceRows)
                && isWithin(unexpected, toleranceRows)
                && isWithin(different, toleranceRows);
    }

    private static boolean isWithin(@Nullable Long rows, long toleranceRows) {
        return orZero(rows) >= 0 && orZero(rows) <= toleranceRows;
    }

    private static long orZero(@Nullable Long rows) {
        return rows == null ? 0 : rows;
    }
}
