package io.syncline.systemtests.history;

/** Looks for violations of a few invariants that belong together. */
interface Rule {

    void check(Facts facts, Findings findings);
}
