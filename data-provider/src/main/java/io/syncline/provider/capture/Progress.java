package io.syncline.provider.capture;

import org.jspecify.annotations.Nullable;

/**
 * How far the log was recorded. Within a transaction positions rise, but several rows of one statement may have the
 * same, so those of the last one are counted; and a reader that resumes is sent behind the last position that is
 * certainly complete, from where it meets some changes again.
 *
 * @param offset where a reader resumes, as JSON; null: where the slot stands
 * @param transaction of the last change that was recorded; null: none
 * @param lsn of that change
 * @param count changes recorded at that position
 */
record Progress(
        @Nullable String offset,
        @Nullable Long transaction,
        @Nullable Long lsn,
        int count) {

    static final Progress NONE = new Progress(null, null, null, 0);

    /** @param nth how manieth change at its position */
    boolean has(long itsTransaction, long itsLsn, int nth) {
        if (transaction == null || lsn == null || transaction != itsTransaction) {
            return false;
        }
        int order = Long.compareUnsigned(itsLsn, lsn);
        return order < 0 || order == 0 && nth <= count;
    }
}
