package io.syncline.systemtests.history;

/**
 * Something that must never be.
 *
 * @param invariant as I1 to I27, or vacuous for a fault that never hit
 * @param what the ids that show it
 */
public record Violation(String invariant, String what) {}
