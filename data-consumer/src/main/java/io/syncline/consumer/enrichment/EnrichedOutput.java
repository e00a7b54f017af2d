package io.syncline.consumer.enrichment;

import io.syncline.consumer.csv.OutputFolder;
import io.syncline.consumer.csv.PackedCsv;
import io.syncline.consumer.csv.PackedCsv.Written;
import io.syncline.consumer.enrichment.LineCheck.Checked;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Enriched files, each of at most so many rows, and the one of rejects; there is always one of each. */
final class EnrichedOutput implements AutoCloseable {

    static final List<String> REJECT_COLUMNS =
            List.of(Enrichment.SOURCE_FILE, Enrichment.SOURCE_LINE, "reason", "column", "line");

    private final Enrichment enrichment;
    private final OutputFolder folder;
    private final PackedCsv rejects;
    private final List<Written> files = new ArrayList<>();
    private final Map<String, Long> reasons = new TreeMap<>();
    private PackedCsv current;

    EnrichedOutput(Enrichment enrichment, OutputFolder folder) throws IOException {
        this.enrichment = enrichment;
        this.folder = folder;
        this.current = folder.begin(enrichment.writtenColumns());
        this.rejects = folder.begin(REJECT_COLUMNS);
    }

    /** What was written. */
    record Files(List<Written> enriched, Written rejects, Map<String, Long> reasons) {

        long rows() {
            return enriched.stream().mapToLong(Written::rows).sum() + rejects.rows();
        }
    }

    /** @param fields in the order of the written columns */
    void enriched(List<@Nullable String> fields) throws IOException {
        if (current.rows() == enrichment.rowsPerFile()) {
            endCurrent();
            current = folder.begin(enrichment.writtenColumns());
        }
        current.row(fields);
    }

    void rejected(String file, RawLine line, Checked.Bad bad) throws IOException {
        var fields = new ArrayList<@Nullable String>();
        fields.add(file);
        fields.add(Long.toString(line.number()));
        fields.add(bad.reason().code());
        fields.add(bad.column());
        fields.add(line.text());
        rejects.row(fields);
        reasons.merge(bad.reason().code(), 1L, Long::sum);
    }

    Files end() throws IOException {
        endCurrent();
        return new Files(files, rejects.end("rejects"), reasons);
    }

    private void endCurrent() throws IOException {
        files.add(current.end("enriched-%05d".formatted(files.size() + 1)));
    }

    @Override
    public void close() throws IOException {
        try {
            current.close();
        } finally {
            rejects.close();
        }
    }
}
