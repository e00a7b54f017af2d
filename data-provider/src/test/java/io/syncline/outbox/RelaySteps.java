package io.syncline.outbox;

/** A relay without its threads. */
public final class RelaySteps {

    private RelaySteps() {}

    /** One look, and the deliveries that it begins, on the caller's thread. */
    public static void look(OutboxRelay relay) {
        relay.claimAndDeliver(Runnable::run);
    }

    /** Deliveries that may begin now. */
    public static int freePlaces(OutboxRelay relay) {
        return relay.freePlaces();
    }
}
