package io.syncline.scheduler.ops;

import static io.syncline.scheduler.store.JdbcTimes.instant;
import static io.syncline.scheduler.store.JdbcTimes.instantOrNull;
import static io.syncline.scheduler.store.RowBatch.ColumnType.INTEGER;
import static io.syncline.scheduler.store.RowBatch.ColumnType.TEXT;

import io.syncline.scheduler.ops.BulkView.Refusal;
import io.syncline.scheduler.store.JdbcTimes;
import io.syncline.scheduler.store.RowBatch;
import io.syncline.scheduler.store.SqlDialect;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcOperations;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Bulk jobs and what became of each of their runs. */
@Repository
class JdbcBulkJobs {

    private static final String COLUMNS = """
            select job_id, state, action, filter_body, argument_body, reason, asked_by, asked_by_person, matched, traceparent,
                   created_at, ended_at, ended_by
            from bulk_job
            """;

    private static final String INSERT = """
            insert into bulk_job (job_id, state, action, filter_body, argument_body, reason, asked_by, asked_by_person,
                                  matched, traceparent, created_at, ended_at)
            values (:id, :state, :action, :filter, :details, :reason, :askedBy, :isPerson, :matched, :traceparent,
                    :createdAt, :endedAt)
            """;

    private static final String FREE = """
            select job_id from bulk_job
            where state = 'RUNNING' and (lease_until is null or lease_until <= :now)
            order by job_id
            fetch first 1 rows only
            """;

    private static final String TAKE = """
            update bulk_job set lease_node = :node, lease_until = :until
            where job_id = :id and state = 'RUNNING' and (lease_until is null or lease_until <= :now)
            """;

    private static final String RENEW = """
            update bulk_job set lease_until = :until
            where job_id = :id and state = 'RUNNING' and lease_node = :node
            """;

    private static final String RELEASE =
            "update bulk_job set lease_until = null, lease_node = null where job_id = :id and lease_node = :node";

    private static final String END = """
            update bulk_job set state = :state, ended_at = :now, ended_by = :by, lease_until = null, lease_node = null
            where job_id = :id and state = 'RUNNING'
            """;

    private static final String NEXT = """
            select item_no, run_id from bulk_item
            where job_id = :id and state = 'PENDING'
            order by item_no
            fetch first %d rows only
            """;

    private static final String BEGIN_ITEM = """
            update bulk_item set state = 'DONE' where job_id = :id and item_no = :item and state = 'PENDING'
               and exists (select 1 from bulk_job j where j.job_id = :id and j.state = 'RUNNING')
            """;

    private static final String REFUSE_ITEM = """
            update bulk_item set state = :state, code = :code, detail = :detail where job_id = :id and item_no = :item
            """;

    private static final String REFUSE_PENDING_ITEM = REFUSE_ITEM + " and state = 'PENDING'";

    /** Bounded by the number of runs that a job may have. */
    private static final String COUNTS =
            "select state, count(*) as items from bulk_item where job_id = :id group by state";

    private static final String REFUSALS = """
            select run_id, state, code, detail from bulk_item
            where job_id = :id and state in ('SKIPPED', 'FAILED')
            order by item_no
            fetch first %d rows only
            """;

    private static final String OLD =
            "select job_id from bulk_job where ended_at < :before order by ended_at fetch first 5 rows only";

    private static final RowBatch<Item> ITEM_INSERT = RowBatch.<Item>of("bulk_item")
            .key("job_id", TEXT, Item::jobId)
            .key("item_no", INTEGER, Item::number)
            .column("run_id", TEXT, Item::runId)
            .column("state", TEXT, item -> BulkJob.PENDING);

    record Item(String jobId, int number, String runId) {}

    private final JdbcClient jdbc;
    private final NamedParameterJdbcOperations operations;
    private final SqlDialect dialect;

    JdbcBulkJobs(JdbcClient jdbc, NamedParameterJdbcOperations operations, SqlDialect dialect) {
        this.jdbc = jdbc;
        this.operations = operations;
        this.dialect = dialect;
    }

    void insert(BulkJob job, List<String> runIds) {
        jdbc.sql(INSERT)
                .param("id", job.jobId())
                .param("state", job.state())
                .param("action", job.action())
                .param("filter", job.filter())
                .param("details", job.details())
                .param("reason", job.reason())
                .param("askedBy", job.askedBy())
                .param("isPerson", job.isPerson() ? 1 : 0)
                .param("matched", job.matched())
                .param("traceparent", job.traceparent())
                .param("createdAt", JdbcTimes.toJdbc(job.createdAt()))
                .param("endedAt", JdbcTimes.toJdbcOrNull(job.endedAt()))
                .update();
        var items = new ArrayList<Item>();
        for (String runId : runIds) {
            items.add(new Item(job.jobId(), items.size(), runId));
        }
        if (!items.isEmpty()) {
            ITEM_INSERT.insert(operations, dialect, items);
        }
    }

    Optional<BulkJob> find(String jobId) {
        return jdbc.sql(COLUMNS + "where job_id = :id")
                .param("id", jobId)
                .query(JdbcBulkJobs::job)
                .optional();
    }

    /**
     * Newest first.
     *
     * @param isPerson whether who asked is a person; of no meaning for the jobs of all
     */
    List<BulkJob> page(@Nullable String askedBy, boolean isPerson, @Nullable String before, int rows) {
        var parameters = new HashMap<String, Object>();
        return jdbc.sql(pageQuery(askedBy, isPerson, before, rows, parameters))
                .params(parameters)
                .query(JdbcBulkJobs::job)
                .list();
    }

    static String pageQuery(
            @Nullable String askedBy,
            boolean isPerson,
            @Nullable String before,
            int rows,
            Map<String, Object> parameters) {
        var conditions = new ArrayList<String>();
        if (askedBy != null) {
            conditions.add("asked_by = :askedBy and asked_by_person = :isPerson");
            parameters.put("askedBy", askedBy);
            parameters.put("isPerson", isPerson ? 1 : 0);
        }
        if (before != null) {
            conditions.add("job_id < :before");
            parameters.put("before", before);
        }
        return COLUMNS
                + (conditions.isEmpty() ? "" : "where " + String.join(" and ", conditions) + "\n")
                + "order by job_id desc\nfetch first " + rows + " rows only";
    }

    /** Takes a job that nobody works on. */
    Optional<BulkJob> take(String node, Instant now, Instant until) {
        return jdbc.sql(FREE)
                .param("now", JdbcTimes.toJdbc(now))
                .query(String.class)
                .optional()
                .filter(id -> jdbc.sql(TAKE)
                                .param("node", node)
                                .param("until", JdbcTimes.toJdbc(until))
                                .param("id", id)
                                .param("now", JdbcTimes.toJdbc(now))
                                .update()
                        == 1)
                .flatMap(this::find);
    }

    /** Whether the job still is this node's to work on. */
    boolean renew(String jobId, String node, Instant until) {
        return jdbc.sql(RENEW)
                        .param("until", JdbcTimes.toJdbc(until))
                        .param("id", jobId)
                        .param("node", node)
                        .update()
                == 1;
    }

    void release(String jobId, String node) {
        jdbc.sql(RELEASE).param("id", jobId).param("node", node).update();
    }

    boolean end(String jobId, String state, @Nullable String by, Instant now) {
        return jdbc.sql(END)
                        .param("state", state)
                        .param("now", JdbcTimes.toJdbc(now))
                        .param("by", by)
                        .param("id", jobId)
                        .update()
                == 1;
    }

    List<Item> next(String jobId, int most) {
        return jdbc.sql(NEXT.formatted(most))
                .param("id", jobId)
                .query((row, number) -> new Item(jobId, row.getInt("item_no"), row.getString("run_id")))
                .list();
    }

    /** Whether it was still to be done, and the job has not ended; it counts as done now, if this transaction is committed. */
    boolean begin(Item item) {
        return jdbc.sql(BEGIN_ITEM)
                        .param("id", item.jobId())
                        .param("item", item.number())
                        .update()
                == 1;
    }

    /** For an item that this transaction has begun. */
    void refuse(Item item, String state, String code, String detail) {
        refuse(REFUSE_ITEM, item, state, code, detail);
    }

    /** For an item whose transaction failed, unless that was committed all the same. */
    void refusePending(Item item, String state, String code, String detail) {
        refuse(REFUSE_PENDING_ITEM, item, state, code, detail);
    }

    private void refuse(String statement, Item item, String state, String code, String detail) {
        jdbc.sql(statement)
                .param("state", state)
                .param("code", code)
                .param("detail", detail)
                .param("id", item.jobId())
                .param("item", item.number())
                .update();
    }

    BulkView.Counts counts(BulkJob job) {
        var counts = new HashMap<String, Integer>();
        jdbc.sql(COUNTS).param("id", job.jobId()).query(row -> {
            counts.put(row.getString("state"), row.getInt("items"));
        });
        return new BulkView.Counts(
                job.matched(),
                counts.getOrDefault(BulkJob.PENDING, 0),
                counts.getOrDefault(BulkJob.DONE, 0),
                counts.getOrDefault(BulkJob.SKIPPED, 0),
                counts.getOrDefault(BulkJob.FAILED, 0));
    }

    List<Refusal> refusals(String jobId, int most) {
        return jdbc.sql(REFUSALS.formatted(most))
                .param("id", jobId)
                .query((row, number) -> new Refusal(
                        row.getString("run_id"),
                        row.getString("state"),
                        row.getString("code"),
                        row.getString("detail")))
                .list();
    }

    /** Removes a few jobs that ended before; returns how many. */
    int purge(Instant before) {
        var old = jdbc.sql(OLD)
                .param("before", JdbcTimes.toJdbc(before))
                .query(String.class)
                .list();
        for (String jobId : old) {
            jdbc.sql("delete from bulk_item where job_id = :id")
                    .param("id", jobId)
                    .update();
            jdbc.sql("delete from bulk_job where job_id = :id")
                    .param("id", jobId)
                    .update();
        }
        return old.size();
    }

    private static BulkJob job(ResultSet row, int number) throws SQLException {
        return new BulkJob(
                row.getString("job_id"),
                row.getString("state"),
                row.getString("action"),
                row.getString("filter_body"),
                row.getString("argument_body"),
                row.getString("reason"),
                row.getString("asked_by"),
                row.getInt("asked_by_person") == 1,
                row.getInt("matched"),
                row.getString("traceparent"),
                instant(row, "created_at"),
                instantOrNull(row, "ended_at"),
                row.getString("ended_by"));
    }
}
