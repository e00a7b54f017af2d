package io.syncline.scheduler.security;

/**
 * Encrypts secrets for their cell in the database: AES-256-GCM with a data key of its own per secret, the data key wrapped by
 * a {@link KeyWrapper}. A sealed secret opens in its own cell alone: copied to another row or column it is refused.
 */
public interface SecretBox {

    /** The cell that a secret lives in. */
    record Cell(String table, String row, String column) {

        @Override
        public String toString() {
            return table + "." + column + " of " + row;
        }
    }

    /** The secret in its stored form: ASCII, without spaces, about 150 characters and four thirds of the secret. */
    String seal(String secret, Cell cell);

    /** @throws UnreadableSecretException when it was sealed for another cell, by an unknown wrapping key, or was changed */
    String open(String sealed, Cell cell);

    /** Whether the text is in the stored form at all; says nothing about whether it opens. */
    boolean isSealed(String stored);

    /** Whether it opens, but by a wrapping key that is no longer the current one: it wants to be sealed anew. */
    boolean isOutdated(String sealed);
}
