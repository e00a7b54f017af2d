package io.syncline.consumer.enrichment;

import io.syncline.client.SyncResult;
import io.syncline.client.SyncWork;
import io.syncline.consumer.csv.OutputFolder;
import io.syncline.consumer.enrichment.EnrichedManifest.AskedIds;
import io.syncline.consumer.enrichment.EnrichmentCheck.Comparison;
import io.syncline.consumer.enrichment.EnrichmentJob.State;
import io.syncline.consumer.enrichment.LineCheck.Checked;
import io.syncline.consumer.provider.ProviderException;
import io.syncline.contracts.ExtractManifest.ExtractFile;
import io.syncline.contracts.FileReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * Enriches the files of one call: collects their distinct ids, looks them up, writes the lines with what was told, compares
 * what was written with the sources, and only then publishes. Memory does not grow with lines or ids. Begun again, it goes
 * on with the ids that are not looked up yet, and writes the same bytes.
 */
class Enricher {

    private static final Logger LOG = LoggerFactory.getLogger(Enricher.class);
    private static final int RECENT_IDS = 50_000;
    private static final int NEW_IDS = 1_000;

    private final JdbcEnrichmentJobs jobs;
    private final LookUps lookUps;
    private final Inbox inbox;
    private final Path enrichedDir;
    private final JsonMapper json;

    Enricher(JdbcEnrichmentJobs jobs, LookUps lookUps, Inbox inbox, Path enrichedDir, JsonMapper json) {
        this.jobs = jobs;
        this.lookUps = lookUps;
        this.inbox = inbox;
        this.enrichedDir = enrichedDir;
        this.json = json;
    }

    /** @throws BadInputException when a source is not what was announced, before or after it was read */
    SyncResult enrich(Enrichment enrichment, String businessKey, List<ExtractFile> sources, SyncWork work)
            throws BadInputException, IOException, InterruptedException {
        verify(sources);
        jobs.dropAbandoned();
        var job = jobs.open(work.idempotencyKey());
        try {
            if (job.state() == State.COLLECTING) {
                job = collect(enrichment, job, sources, work);
            }
            if (job.state() == State.LOOKING_UP) {
                job = lookUps.all(enrichment, job, work);
            }
            var result = write(enrichment, businessKey, job, sources, work);
            jobs.close(job);
            return result;
        } catch (BadInputException | ProviderException e) {
            jobs.close(job);
            throw e;
        }
    }

    private void verify(List<ExtractFile> sources) throws BadInputException, IOException {
        for (var source : sources) {
            inbox.verify(source);
        }
    }

    private EnrichmentJob collect(Enrichment enrichment, EnrichmentJob job, List<ExtractFile> sources, SyncWork work)
            throws BadInputException, IOException {
        long total = total(sources);
        var check = new LineCheck(enrichment);
        var recent = recentIds();
        var found = new HashSet<String>();
        long done = 0;
        for (var source : sources) {
            try (var lines = SourceLines.open(enrichment, source, inbox.path(source))) {
                for (var line = lines.next(); line != null; line = lines.next()) {
                    if (check.check(line) instanceof Checked.Good good) {
                        for (var lookUp : enrichment.lookUps()) {
                            var id = good.fields().get(enrichment.place(lookUp.column()));
                            if (recent.add(id)) {
                                found.add(id);
                            }
                        }
                    }
                    if (found.size() >= NEW_IDS) {
                        jobs.addIds(job, found);
                        found.clear();
                    }
                    if (++done % LineWriter.BATCH_LINES == 0) {
                        work.progress(done, total, "lines read");
                    }
                }
                checkRows(source, lines.rows());
            }
        }
        if (!found.isEmpty()) {
            jobs.addIds(job, found);
        }
        return jobs.collected(job);
    }

    private static void checkRows(ExtractFile source, long rows) throws BadInputException {
        if (rows != source.rows()) {
            throw SourceLines.bad(
                    source,
                    "%s: %d rows are announced, the file has %d".formatted(source.name(), source.rows(), rows),
                    rows);
        }
    }

    /** The ids that came last, which need not be noted again; the earliest of them make room. */
    private static Set<String> recentIds() {
        return Collections.newSetFromMap(new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
                return size() > RECENT_IDS;
            }
        });
    }

    private SyncResult write(
            Enrichment enrichment, String businessKey, EnrichmentJob job, List<ExtractFile> sources, SyncWork work)
            throws BadInputException, IOException {
        var folder = OutputFolder.of(enrichedDir.resolve(enrichment.key()), businessKey);
        EnrichedOutput.Files written;
        try (var output = new EnrichedOutput(enrichment, folder)) {
            writeLines(enrichment, job, sources, output, work);
            written = output.end();
        }
        var comparison = new EnrichmentCheck(enrichment, inbox, sources).compare(folder, written);
        verify(sources); // they were the same all the time
        long found = jobs.countProfiles(job);
        var manifest = new EnrichedManifest(
                enrichment.key(),
                businessKey,
                sources,
                enrichment.writtenColumns(),
                written.enriched(),
                written.rejects(),
                written.reasons(),
                new AskedIds(jobs.countIds(job), found, job.askedIds() - job.foundIds()),
                comparison.seconds());
        return end(manifest, comparison, folder, job, work);
    }

    private void writeLines(
            Enrichment enrichment, EnrichmentJob job, List<ExtractFile> sources, EnrichedOutput output, SyncWork work)
            throws BadInputException, IOException {
        long total = total(sources);
        var check = new LineCheck(enrichment);
        var writer = new LineWriter(enrichment, jobs, job, output, json);
        long done = 0;
        for (var source : sources) {
            try (var lines = SourceLines.open(enrichment, source, inbox.path(source))) {
                for (var line = lines.next(); line != null; line = lines.next()) {
                    done++;
                    if (writer.add(source.name(), line, check.check(line))) {
                        work.progress(done, total, "lines written");
                    }
                }
            }
        }
        writer.flush();
    }

    private SyncResult end(
            EnrichedManifest manifest, Comparison comparison, OutputFolder folder, EnrichmentJob job, SyncWork work)
            throws IOException {
        Map<String, @Nullable Object> result = new LinkedHashMap<>();
        result.put("manifest", manifest);
        var trouble = trouble(comparison, manifest.ids());
        if (trouble != null) {
            LOG.warn("Job {} publishes nothing: {}; {}", job.jobId(), trouble, comparison);
            return SyncResult.failed(
                    trouble + ", so nothing is published",
                    false,
                    comparison.rows(),
                    reports(manifest.sources()),
                    result);
        }
        // Who lost the work meanwhile publishes nothing any more.
        work.progress(total(manifest.sources()), total(manifest.sources()), "lines written");
        folder.publish(json.writeValueAsBytes(manifest), manifest.fileNames());
        LOG.info(
                "Job {} enriched {} for {}: {}, rejected {}",
                job.jobId(),
                manifest.enrichment(),
                manifest.businessKey(),
                comparison.rows(),
                manifest.reasons());
        return SyncResult.completed(comparison.rows(), reports(manifest.sources()), result);
    }

    private static @Nullable String trouble(Comparison comparison, AskedIds ids) {
        if (!comparison.isBalanced()) {
            return "what was written is not what was read";
        }
        return ids.asked() == ids.found() + ids.notFound()
                ? null
                : "of %d ids %d are found and %d are not".formatted(ids.asked(), ids.found(), ids.notFound());
    }

    private static long total(List<ExtractFile> sources) {
        return sources.stream().mapToLong(ExtractFile::rows).sum();
    }

    private static List<FileReport> reports(List<ExtractFile> sources) {
        var reports = new ArrayList<FileReport>();
        for (var source : sources) {
            var checksum = "sha-256=" + source.sha256();
            reports.add(new FileReport(
                    source.name(),
                    FileReport.Status.COMPLETED,
                    source.rows(),
                    source.rows(),
                    checksum,
                    checksum,
                    null));
        }
        return reports;
    }
}
