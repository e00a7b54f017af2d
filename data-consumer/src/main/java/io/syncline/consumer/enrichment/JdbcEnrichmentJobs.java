package io.syncline.consumer.enrichment;

import static io.syncline.consumer.store.JdbcTimes.toJdbc;

import io.syncline.client.WorkTakenOverException;
import io.syncline.consumer.enrichment.EnrichmentJob.State;
import io.syncline.consumer.store.Ids;
import io.syncline.consumer.store.InLists;
import io.syncline.consumer.store.Transactions;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Jobs, their ids and what was told of them. Each method is a transaction; one of a stale holder is refused. */
class JdbcEnrichmentJobs {

    private static final Duration ABANDONED_AFTER = Duration.ofDays(1);
    private static final int BATCH_ROWS = 1_000;

    private static final String FIND = """
            select job_id, idempotency_key, state, last_id, asked_ids, found_ids, fence from enrichment_job
            where idempotency_key = :key""";

    private static final String INSERT = """
            insert into enrichment_job (job_id, idempotency_key, state, touched_at)
            values (:jobId, :key, 'COLLECTING', :now)""";

    private static final String TAKE = """
            update enrichment_job set fence = fence + 1, touched_at = :now where idempotency_key = :key""";

    private static final String GUARD = """
            update enrichment_job set touched_at = :now where job_id = :jobId and fence = :fence""";

    private static final String LOOK_UP = """
            update enrichment_job set state = 'LOOKING_UP', last_id = null, asked_ids = 0, found_ids = 0
            where job_id = :jobId""";

    private static final String LOOKED_UP = """
            update enrichment_job set last_id = :lastId, asked_ids = asked_ids + :asked, found_ids = found_ids + :found
            where job_id = :jobId""";

    private static final String WRITE = "update enrichment_job set state = 'WRITING' where job_id = :jobId";

    private static final String ABANDONED = "select job_id from enrichment_job where touched_at < :before";

    private static final String ADD_ID = "insert into enrichment_id (job_id, asked_id) values (?, ?)";

    private static final String COUNT_IDS = "select count(*) from enrichment_id where job_id = ?";

    private static final String ADD_PROFILE = """
            insert into enrichment_profile (job_id, asked_id, profile_text) values (?, ?, ?)""";

    private static final String COUNT_PROFILES = "select count(*) from enrichment_profile where job_id = ?";

    private static final String DROP_IDS = "delete from enrichment_id where job_id = ?";

    private static final String DROP_PROFILES = "delete from enrichment_profile where job_id = ?";

    private static final String DROP_JOB = "delete from enrichment_job where job_id = ?";

    private final Transactions transactions;
    private final JdbcClient jdbc;
    private final JdbcTemplate template;

    JdbcEnrichmentJobs(Transactions transactions, JdbcTemplate template) {
        this.transactions = transactions;
        this.jdbc = JdbcClient.create(template);
        this.template = template;
    }

    /** The key's job, begun or taken over: whoever held it before is refused from now on. */
    EnrichmentJob open(String idempotencyKey) {
        return transactions.call(now -> {
            int taken = jdbc.sql(TAKE)
                    .param("key", idempotencyKey)
                    .param("now", toJdbc(now))
                    .update();
            if (taken == 0) {
                jdbc.sql(INSERT)
                        .param("jobId", Ids.next())
                        .param("key", idempotencyKey)
                        .param("now", toJdbc(now))
                        .update();
            }
            return jdbc.sql(FIND)
                    .param("key", idempotencyKey)
                    .query(JdbcEnrichmentJobs::job)
                    .single();
        });
    }

    /** Deletes what was left by work that was given up, such as cancelled work. */
    void dropAbandoned() {
        var abandoned = transactions.call(now -> jdbc.sql(ABANDONED)
                .param("before", toJdbc(now.minus(ABANDONED_AFTER)))
                .query(String.class)
                .list());
        abandoned.forEach(jobId -> transactions.run(now -> drop(jobId)));
    }

    /** Ends the job; nothing of it is kept. */
    void close(EnrichmentJob job) {
        guarded(job, () -> drop(job.jobId()));
    }

    /** Notes ids of which any may be known already. */
    void addIds(EnrichmentJob job, Collection<String> ids) {
        var distinct = List.copyOf(new HashSet<>(ids));
        guarded(job, () -> {
            var missing = new HashSet<>(distinct);
            for (var list : InLists.of(distinct)) {
                missing.removeAll(template.queryForList(
                        "select asked_id from enrichment_id where job_id = ? and asked_id in (%s)"
                                .formatted(InLists.marks(list)),
                        String.class,
                        parameters(job, list)));
            }
            template.batchUpdate(ADD_ID, missing, BATCH_ROWS, (statement, id) -> {
                statement.setString(1, job.jobId());
                statement.setString(2, id);
            });
        });
    }

    /** All ids are noted. */
    EnrichmentJob collected(EnrichmentJob job) {
        guarded(job, () -> {
            jdbc.sql(LOOK_UP).param("jobId", job.jobId()).update();
            template.update(DROP_PROFILES, job.jobId());
            transactions.dialect().afterFilling("enrichment_id").forEach(template::execute);
        });
        return job.lookingUp();
    }

    long countIds(EnrichmentJob job) {
        return count(COUNT_IDS, job);
    }

    long countProfiles(EnrichmentJob job) {
        return count(COUNT_PROFILES, job);
    }

    /** The next ids to look up, in the database's own order. */
    List<String> nextIds(EnrichmentJob job, int most) {
        var last = job.lastId();
        var sql = "select asked_id from enrichment_id where job_id = ? %s order by asked_id fetch first %d rows only"
                .formatted(last == null ? "" : "and asked_id > ?", most);
        return last == null
                ? template.queryForList(sql, String.class, job.jobId())
                : template.queryForList(sql, String.class, job.jobId(), last);
    }

    /** Notes a whole answer: the ids up to {@code lastId} are done. */
    EnrichmentJob lookedUp(EnrichmentJob job, String lastId, long asked, Map<String, String> profiles) {
        guarded(job, () -> {
            jdbc.sql(LOOKED_UP)
                    .param("lastId", lastId)
                    .param("asked", asked)
                    .param("found", profiles.size())
                    .param("jobId", job.jobId())
                    .update();
            template.batchUpdate(ADD_PROFILE, profiles.entrySet(), BATCH_ROWS, (statement, profile) -> {
                statement.setString(1, job.jobId());
                statement.setString(2, profile.getKey());
                statement.setString(3, profile.getValue());
            });
        });
        return job.lookedUp(lastId, asked, profiles.size());
    }

    /** All ids are looked up. */
    EnrichmentJob write(EnrichmentJob job) {
        guarded(job, () -> {
            jdbc.sql(WRITE).param("jobId", job.jobId()).update();
            transactions.dialect().afterFilling("enrichment_profile").forEach(template::execute);
        });
        return job.writing();
    }

    /** What was told of these ids; one that the provider does not have is missing. */
    Map<String, String> profiles(EnrichmentJob job, Collection<String> ids) {
        var profiles = new HashMap<String, String>();
        for (var list : InLists.of(List.copyOf(new HashSet<>(ids)))) {
            template.query(
                    "select asked_id, profile_text from enrichment_profile where job_id = ? and asked_id in (%s)"
                            .formatted(InLists.marks(list)),
                    row -> {
                        profiles.put(row.getString(1), row.getString(2));
                    },
                    parameters(job, list));
        }
        return profiles;
    }

    private void drop(String jobId) {
        template.update(DROP_PROFILES, jobId);
        template.update(DROP_IDS, jobId);
        template.update(DROP_JOB, jobId);
    }

    private long count(String sql, EnrichmentJob job) {
        Long count = template.queryForObject(sql, Long.class, job.jobId());
        return count == null ? 0 : count;
    }

    private void guarded(EnrichmentJob job, Runnable write) {
        transactions.run(now -> {
            int mine = jdbc.sql(GUARD)
                    .param("now", toJdbc(now))
                    .param("jobId", job.jobId())
                    .param("fence", job.fence())
                    .update();
            if (mine == 0) {
                throw new WorkTakenOverException(job.idempotencyKey());
            }
            write.run();
        });
    }

    private static Object[] parameters(EnrichmentJob job, List<String> ids) {
        var parameters = new ArrayList<@Nullable Object>(ids.size() + 1);
        parameters.add(job.jobId());
        parameters.addAll(ids);
        return parameters.toArray();
    }

    private static EnrichmentJob job(ResultSet row, int number) throws SQLException {
        return new EnrichmentJob(
                row.getString("job_id"),
                row.getString("idempotency_key"),
                State.valueOf(row.getString("state")),
                row.getString("last_id"),
                row.getLong("asked_ids"),
                row.getLong("found_ids"),
                row.getLong("fence"));
    }
}
