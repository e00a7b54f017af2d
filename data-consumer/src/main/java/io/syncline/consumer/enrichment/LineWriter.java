package io.syncline.consumer.enrichment;

import io.syncline.consumer.enrichment.Enrichment.Unknown;
import io.syncline.consumer.enrichment.LineCheck.Checked;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Writes lines with what was told of their ids, in the order of the lines and a batch at a time. */
final class LineWriter {

    static final int BATCH_LINES = 1_000;

    private final Enrichment enrichment;
    private final JdbcEnrichmentJobs jobs;
    private final EnrichmentJob job;
    private final EnrichedOutput output;
    private final JsonMapper json;
    private final List<@Nullable String> untold;
    private final List<Line> batch = new ArrayList<>(BATCH_LINES);

    private record Line(String file, RawLine raw, Checked checked) {}

    LineWriter(
            Enrichment enrichment, JdbcEnrichmentJobs jobs, EnrichmentJob job, EnrichedOutput output, JsonMapper json) {
        this.enrichment = enrichment;
        this.jobs = jobs;
        this.job = job;
        this.output = output;
        this.json = json;
        this.untold = Collections.nCopies(enrichment.fields().size(), null);
    }

    /** Whether the line made the batch full, so that it was written. */
    boolean add(String file, RawLine raw, Checked checked) throws IOException {
        batch.add(new Line(file, raw, checked));
        if (batch.size() < BATCH_LINES) {
            return false;
        }
        flush();
        return true;
    }

    void flush() throws IOException {
        var profiles = jobs.profiles(job, ids());
        for (var line : batch) {
            if (line.checked() instanceof Checked.Good good) {
                write(line, good, profiles);
            } else if (line.checked() instanceof Checked.Bad bad) {
                output.rejected(line.file(), line.raw(), bad);
            }
        }
        batch.clear();
    }

    private HashSet<String> ids() {
        var ids = new HashSet<String>();
        for (var line : batch) {
            if (line.checked() instanceof Checked.Good good) {
                enrichment.lookUps().forEach(lookUp -> ids.add(good.fields().get(enrichment.place(lookUp.column()))));
            }
        }
        return ids;
    }

    private void write(Line line, Checked.Good good, Map<String, String> profiles) throws IOException {
        var fields = new ArrayList<@Nullable String>();
        fields.add(line.file());
        fields.add(Long.toString(line.raw().number()));
        fields.addAll(good.fields());
        good.times().forEach(time -> fields.add(time.toString()));
        for (var lookUp : enrichment.lookUps()) {
            var profile = profiles.get(good.fields().get(enrichment.place(lookUp.column())));
            if (profile == null && lookUp.unknown() == Unknown.REJECT) {
                output.rejected(line.file(), line.raw(), new Checked.Bad(Reason.UNKNOWN_SUBSCRIBER, lookUp.column()));
                return;
            }
            fields.add(Boolean.toString(profile != null));
            fields.addAll(profile == null ? untold : Arrays.asList(json.readValue(profile, String[].class)));
        }
        output.enriched(fields);
    }
}
