package io.syncline.scheduler.outbound;

import java.util.concurrent.CompletableFuture;

/** One secret, from which the proof of a request is made. */
interface ProofSource {

    /** Never blocks; fails with a {@link NoProofException} alone. */
    CompletableFuture<Proof> proof();

    /** The secret has been replaced; calls under way may still go on for some minutes. */
    default void retire() {}
}
