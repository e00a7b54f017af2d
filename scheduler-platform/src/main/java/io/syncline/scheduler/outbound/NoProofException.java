package io.syncline.scheduler.outbound;

/** There is nothing to prove ourselves with; the message says why, for operators, and holds no secret. */
final class NoProofException extends Exception {

    private static final long serialVersionUID = 1L;

    private final boolean refused;

    private NoProofException(String message, boolean refused) {
        super(message, null, false, false);
        this.refused = refused;
    }

    static NoProofException failed(String message) {
        return new NoProofException(message, false);
    }

    static NoProofException refused(String message) {
        return new NoProofException(message, true);
    }

    /** Whether the secret itself was refused, so that another one may do. */
    boolean isRefused() {
        return refused;
    }
}
