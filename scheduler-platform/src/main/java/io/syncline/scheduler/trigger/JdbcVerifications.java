package io.syncline.scheduler.trigger;

import io.syncline.scheduler.store.JdbcTimes;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcOperations;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.json.JsonMapper;

/** The messages that wait for a look at their source. */
@Repository
class JdbcVerifications implements Verifications {

    static final String INSERT = """
            insert into trigger_verification (trigger_id, due_at, fence, failures, plan_body, last_outcome, traceparent)
            values (:triggerId, :dueAt, 0, 0, :plan, null, :traceparent)
            """;

    static final String CANDIDATES = """
            select trigger_id from trigger_verification
             where due_at <= :now
             order by due_at
             fetch first %d rows only
            """;

    static final String LOCK_CANDIDATES = """
            select * from trigger_verification where trigger_id in (:ids) and due_at <= :now for update skip locked
            """;

    static final String LEASE = """
            update trigger_verification set due_at = :until, fence = fence + 1 where trigger_id in (:ids)
            """;

    static final String LOCK_HELD = """
            select * from trigger_verification where trigger_id = :triggerId and fence = :fence for update
            """;

    static final String UPDATE = """
            update trigger_verification
               set due_at = :dueAt, failures = :failures, plan_body = :plan, last_outcome = :outcome
             where trigger_id = :triggerId and fence = :fence
            """;

    static final String DELETE = "delete from trigger_verification where trigger_id = :triggerId";

    static final String OF_MESSAGES = "select * from trigger_verification where trigger_id in (:ids)";

    private static final int LONGEST_OUTCOME = 500;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** @param fence of the look that may be made now */
    record Waiting(
            String triggerId,
            Instant dueAt,
            long fence,
            int failures,
            VerificationPlan plan,
            @Nullable String lastOutcome,
            @Nullable String traceparent) {}

    private final NamedParameterJdbcOperations jdbc;

    JdbcVerifications(NamedParameterJdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public void insert(String triggerId, VerificationPlan plan, @Nullable String traceparent) {
        jdbc.update(
                INSERT,
                new MapSqlParameterSource("triggerId", triggerId)
                        .addValue("dueAt", JdbcTimes.toJdbc(dueAt(plan)))
                        .addValue("plan", JSON.writeValueAsString(plan))
                        .addValue("traceparent", traceparent));
    }

    /** Takes up to {@code limit} due looks for the caller alone, until then. Joins the caller's transaction. */
    List<Waiting> claim(int limit, Instant now, Instant until) {
        var at = JdbcTimes.toJdbc(now);
        var ids = jdbc.queryForList(CANDIDATES.formatted(limit), Map.of("now", at), String.class);
        if (ids.isEmpty()) {
            return List.of();
        }
        var locked = jdbc.query(LOCK_CANDIDATES, Map.of("ids", ids, "now", at), JdbcVerifications::waiting);
        if (locked.isEmpty()) {
            return List.of();
        }
        jdbc.update(
                LEASE,
                Map.of("ids", locked.stream().map(Waiting::triggerId).toList(), "until", JdbcTimes.toJdbc(until)));
        var claimed = new ArrayList<Waiting>();
        locked.forEach(row -> claimed.add(new Waiting(
                row.triggerId(),
                until,
                row.fence() + 1,
                row.failures(),
                row.plan(),
                row.lastOutcome(),
                row.traceparent())));
        return claimed;
    }

    /** Whether the claim still stands; if so it does until the caller's transaction ends. */
    boolean lock(Waiting claim) {
        return !jdbc.query(
                        LOCK_HELD,
                        Map.of("triggerId", claim.triggerId(), "fence", claim.fence()),
                        JdbcVerifications::waiting)
                .isEmpty();
    }

    void again(Waiting claim, VerificationPlan plan, Instant dueAt, int failures, @Nullable String outcome) {
        jdbc.update(
                UPDATE,
                new MapSqlParameterSource("triggerId", claim.triggerId())
                        .addValue("fence", claim.fence())
                        .addValue("dueAt", JdbcTimes.toJdbc(dueAt))
                        .addValue("failures", failures)
                        .addValue("plan", JSON.writeValueAsString(plan))
                        .addValue(
                                "outcome",
                                outcome == null || outcome.length() <= LONGEST_OUTCOME
                                        ? outcome
                                        : outcome.substring(0, LONGEST_OUTCOME)));
    }

    void delete(String triggerId) {
        jdbc.update(DELETE, Map.of("triggerId", triggerId));
    }

    List<Waiting> of(Collection<String> triggerIds) {
        return triggerIds.isEmpty()
                ? List.of()
                : jdbc.query(OF_MESSAGES, Map.of("ids", triggerIds), JdbcVerifications::waiting);
    }

    static Instant dueAt(VerificationPlan plan) {
        return plan.next().orElseThrow().dueAt();
    }

    private static Waiting waiting(ResultSet row, int number) throws SQLException {
        return new Waiting(
                row.getString("trigger_id"),
                JdbcTimes.instant(row, "due_at"),
                row.getLong("fence"),
                row.getInt("failures"),
                JSON.readValue(row.getString("plan_body"), VerificationPlan.class),
                row.getString("last_outcome"),
                row.getString("traceparent"));
    }
}
