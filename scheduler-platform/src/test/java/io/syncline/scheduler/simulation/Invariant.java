package io.syncline.scheduler.simulation;

/** What has to hold, by the names of docs/reliability.md. */
enum Invariant {
    I1(
            "what is acknowledged is kept: each accepted message makes exactly one run per group, or a stated merge or skip"),
    I2("no run without a message"),
    I3("one message id, one content"),
    I4("after settling everything has ended, and nothing is left behind"),
    I5("one key per attempt, rising rounds, a new attempt only for a reported failure or an operator"),
    I6("COMPLETED stands for exactly one effect downstream"),
    I7("no call starts under a claim that came after the end, none twice under one claim"),
    I8("versions and fences only rise, every change is journaled, no stale write counts"),
    I9("leases of one task run do not overlap, and last as long as database time says"),
    I10("states move along their table; an end is left by an operator alone"),
    I11("each fire time starts what the misfire policy says"),
    I12("no call before its delay is over"),
    I13("SYNC tasks wait for those before them, ASYNC ones start together"),
    I14("a report counts only for its own task run and attempt"),
    I15("of the copies of a callback one counts"),
    I17("each message that was committed arrives, nothing else does, and in the end the outbox is empty"),
    I18("messages of one key arrive first in the order of their commits"),
    I19("what went wrong is told, and what has passed is told no more"),
    I26("nothing that is due waits longer than a takeover takes"),
    BLOCKING("the blocking policy of a group: one at a time, in order, within the bound"),
    UNEXPECTED("nothing fails but for a fault");

    final String says;

    Invariant(String says) {
        this.says = says;
    }
}
