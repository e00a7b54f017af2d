package io.syncline.scheduler.security;

import java.util.List;

/**
 * The sealed secrets of one table; a bean of it per table that holds any. At each start, before anything is served, every
 * cell is opened once, and written anew when it was sealed under a wrapping key that is no longer the current one; a cell
 * that is not sealed or does not open stops the start.
 */
public interface SealedCells {

    /** A cell and the text that stands in it. */
    record Stored(SecretBox.Cell cell, String text) {

        @Override
        public String toString() {
            return "Stored[" + cell + "]";
        }
    }

    /** All cells that hold something; a cell that is null is left out. Each is named as its secret was sealed for. */
    List<Stored> stored();

    /** Writes {@code anew} in the place of {@code before}; false, and nothing is changed, when something else stands there by now. */
    boolean replace(SecretBox.Cell cell, String before, String anew);
}
