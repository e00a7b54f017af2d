package io.syncline.client;

import io.syncline.contracts.StatusReport;

/** Reports on work that goes on after its handler returned {@link SyncResult#continues()}. */
public interface Reports {

    /**
     * Stores the report as the current status and puts the callback into the outbox, in the caller's transaction (or in
     * one of its own when there is none). Assigns {@code callbackId}, {@code attempt} and {@code sequence}. The first
     * terminal report wins; whatever follows it is left out.
     *
     * @throws UnknownWorkException when no call was accepted under the key
     */
    void report(String idempotencyKey, StatusReport report);
}
