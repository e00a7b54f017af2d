package io.syncline.contracts;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An extract of a dataset: one consistent snapshot, cut into immutable files.
 *
 * @param asOf of the snapshot; rises with each import of the dataset
 * @param columns names in file order; the first line of every CSV file repeats them
 * @param key the columns that identify a row
 * @param rows of all files together, header lines not counted
 * @param error why the extract FAILED; absent otherwise
 * @param changes cursor of the change feed from which on changes may not be in the snapshot; some of them may be in it
 *     already. Null where the dataset has no change log, and before READY
 */
public record ExtractManifest(
        String extractId,
        String dataset,
        State state,
        Instant asOf,
        List<String> columns,
        List<String> key,
        @Nullable Long rows,
        List<ExtractFile> files,
        @Nullable String error,
        @Nullable String changes) {

    /** PREPARING becomes READY or FAILED, and neither changes again. */
    public enum State {
        PREPARING,
        READY,
        FAILED
    }

    /**
     * One file of an extract.
     *
     * @param rows data rows, the header line not counted
     * @param bytes size as stored and served, compressed
     * @param sha256 of the bytes as stored and served, lower-case hex
     */
    public record ExtractFile(String name, long rows, long bytes, String sha256) {}
}
