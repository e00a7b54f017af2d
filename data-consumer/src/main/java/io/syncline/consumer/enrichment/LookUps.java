package io.syncline.consumer.enrichment;

import io.syncline.client.SyncWork;
import io.syncline.consumer.provider.ProviderClient;
import io.syncline.consumer.provider.ProviderException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Asks the provider for all ids of a job, a look-up after the other. An answer counts only when it is whole: each id told
 * of once, and the counts of the last line true. What was told before a restart is not asked for again.
 */
class LookUps {

    private static final Logger LOG = LoggerFactory.getLogger(LookUps.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);
    private static final long MOST_CHARS = 32L * 1024 * 1024;

    private final JdbcEnrichmentJobs jobs;
    private final ProviderClient provider;
    private final JsonMapper json;

    LookUps(JdbcEnrichmentJobs jobs, ProviderClient provider, JsonMapper json) {
        this.jobs = jobs;
        this.provider = provider;
        this.json = json;
    }

    /** @throws ProviderException when a look-up failed as often as it may be tried, or can never succeed */
    EnrichmentJob all(Enrichment enrichment, EnrichmentJob job, SyncWork work) throws InterruptedException {
        long total = jobs.countIds(job);
        var current = job;
        while (true) {
            work.progress(current.askedIds(), total, "ids");
            var ids = jobs.nextIds(current, enrichment.lookUpIds());
            if (ids.isEmpty()) {
                return jobs.write(current);
            }
            var profiles = ask(enrichment, ids);
            current = jobs.lookedUp(current, ids.get(ids.size() - 1), ids.size(), profiles);
        }
    }

    private Map<String, String> ask(Enrichment enrichment, List<String> ids) throws InterruptedException {
        for (int tries = 1; ; tries++) {
            try {
                return provider.lookUp(enrichment.dataset(), ids, answer -> read(enrichment, ids, answer));
            } catch (ProviderException e) {
                if (!e.retryable() || tries >= enrichment.lookUpTries()) {
                    throw e;
                }
                LOG.info("Look-up for {} is tried again: {}", enrichment.key(), e.getMessage());
                Thread.sleep(pause(tries).toMillis());
            }
        }
    }

    private static Duration pause(int tries) {
        var pause = FIRST_PAUSE.multipliedBy(1L << Math.min(tries - 1, 10));
        return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
    }

    private Map<String, String> read(Enrichment enrichment, List<String> ids, InputStream answer) {
        var open = new HashSet<>(ids);
        var profiles = new HashMap<String, String>();
        long chars = 0;
        try (var lines = json.readerFor(JsonNode.class).<JsonNode>readValues(answer)) {
            while (lines.hasNextValue()) {
                var line = lines.nextValue();
                if (line.path("_end").asBoolean(false)) {
                    checkEnd(line, open, profiles, ids.size(), lines.hasNextValue());
                    return profiles;
                }
                if (isNotFound(line)) {
                    answered(line.path("id").asString(""), open);
                    continue;
                }
                var id = line.path(enrichment.keyField()).asString("");
                answered(id, open);
                var profile = profile(enrichment, line);
                chars += profile.length();
                if (chars > MOST_CHARS) {
                    throw new ProviderException(
                            "the rows of %d ids are larger than %d MiB; set look-up-ids of %s lower"
                                    .formatted(ids.size(), MOST_CHARS >> 20, enrichment.key()),
                            false,
                            null);
                }
                profiles.put(id, profile);
            }
        } catch (JacksonException e) {
            throw new ProviderException("the provider's look-up is cut off, or no JSON lines", true, e);
        }
        throw new ProviderException(
                "the provider's look-up is cut off: %d ids are not answered and the last line is missing"
                        .formatted(open.size()),
                true,
                null);
    }

    private static boolean isNotFound(JsonNode line) {
        return line.size() == 2 && line.has("id") && line.path("found").isBoolean();
    }

    private static void answered(String id, Set<String> open) {
        if (!open.remove(id)) {
            throw new ProviderException("the provider's look-up tells of an id twice, or unasked", true, null);
        }
    }

    private static void checkEnd(
            JsonNode end, Set<String> open, Map<String, String> profiles, int asked, boolean more) {
        long rows = end.path("rows").asLong(-1);
        long notFound = end.path("notFound").asLong(-1);
        if (more || !open.isEmpty() || rows != profiles.size() || rows + notFound != asked) {
            throw new ProviderException(
                    "the provider's look-up of %d ids does not add up: its last line says %d rows and %d not found, %d rows came, %d ids are not answered"
                            .formatted(asked, rows, notFound, profiles.size(), open.size()),
                    true,
                    null);
        }
    }

    private String profile(Enrichment enrichment, JsonNode row) {
        var fields = new ArrayList<@Nullable String>(enrichment.fields().size());
        for (var field : enrichment.fields()) {
            var value = row.get(field);
            if (value == null) {
                throw new ProviderException(
                        "the rows of %s have no field %s".formatted(enrichment.dataset(), field), false, null);
            }
            fields.add(value.isNull() ? null : value.asString());
        }
        return json.writeValueAsString(fields);
    }
}
