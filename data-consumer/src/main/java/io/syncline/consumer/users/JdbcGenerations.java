package io.syncline.consumer.users;

import static io.syncline.consumer.store.JdbcTimes.toJdbc;

import io.syncline.consumer.store.JdbcTimes;
import io.syncline.consumer.users.Generation.Purpose;
import io.syncline.consumer.users.Generation.State;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The copies of the view that there are. Every method runs in its caller's transaction. */
class JdbcGenerations {

    private static final String KEPT = """
            select generation from view_generation where state in ('LIVE', 'FILLING') order by generation""";

    private static final String LIVE = "select generation from live_view where view_name = 'users'";

    private static final String LOCK_LIVE = LIVE + " for update";

    private static final String SWAP = "update live_view set generation = :generation where view_name = 'users'";

    private static final String COLUMNS = """
            select generation, state, purpose, work_key, fence, tries, error_text, result_text, opened_at, live_at, ended_at
            from view_generation""";

    private static final String FIND = COLUMNS + " where generation = :generation";

    private static final String FIND_BY_KEY = COLUMNS + " where work_key = :key";

    private static final String FILLING = COLUMNS + " where state = 'FILLING'";

    private static final String DUE = COLUMNS + """
             where state in ('FILLING', 'RETIRED') and due_at <= :now and (lease_until is null or lease_until < :now)
            order by state, generation""";

    private static final String LAST = "select max(generation) from view_generation";

    private static final String OPEN = """
            insert into view_generation (generation, state, purpose, work_key, fence, tries, due_at, opened_at)
            values (:generation, 'FILLING', :purpose, :key, 0, 0, :now, :now)""";

    private static final String CLAIM = """
            update view_generation set lease_owner = :owner, lease_until = :until, fence = fence + 1
            where generation = :generation and fence = :fence and state = :state""";

    private static final String RENEW = """
            update view_generation set lease_until = :until
            where generation = :generation and lease_owner = :owner and fence = :fence and state = :state""";

    private static final String PUT_BACK = """
            update view_generation set lease_owner = null, lease_until = null, due_at = :due, tries = :tries,
                   error_text = :error
            where generation = :generation and lease_owner = :owner and fence = :fence""";

    private static final String GO_LIVE =
            "update view_generation set state = 'LIVE', live_at = :now, lease_owner = null, lease_until = null, "
                    + "error_text = null, result_text = :result where generation = :generation";

    private static final String RETIRE = """
            update view_generation set state = 'RETIRED', ended_at = :now, due_at = :due, lease_owner = null,
                   lease_until = null, fence = fence + 1, error_text = :error, result_text = :result
            where generation = :generation""";

    private static final String RETIRE_LIVE = """
            update view_generation set state = 'RETIRED', ended_at = :now, due_at = :due
            where generation = :generation""";

    private static final String DELETED = """
            update view_generation set state = 'DELETED', lease_owner = null, lease_until = null
            where generation = :generation""";

    private static final String USERS_OF = """
            select user_id from user_view where generation = ? and user_id > ? order by user_id
            fetch first %d rows only""";

    private static final String FACTS_OF = """
            select fact_key, kind from user_fact where generation = ? and fact_key >= ? order by fact_key
            fetch first %d rows only""";

    private static final String DELETE_USER = "delete from user_view where user_id = ? and generation = ?";

    private static final String DELETE_FACT =
            "delete from user_fact where fact_key = ? and kind = ? and generation = ?";

    private final JdbcClient jdbc;
    private final JdbcTemplate template;

    JdbcGenerations(JdbcTemplate template) {
        this.template = template;
        this.jdbc = JdbcClient.create(template);
    }

    /** The generations that changes are applied to, in the order in which everybody writes them. */
    List<Long> kept() {
        return jdbc.sql(KEPT).query(Long.class).list();
    }

    long live() {
        return jdbc.sql(LIVE).query(Long.class).single();
    }

    /** Keeps others from opening or swapping a generation until the transaction ends. */
    long lockLive() {
        return jdbc.sql(LOCK_LIVE).query(Long.class).single();
    }

    Optional<Generation> find(long generation) {
        return jdbc.sql(FIND)
                .param("generation", generation)
                .query(JdbcGenerations::read)
                .optional();
    }

    Optional<Generation> find(String workKey) {
        return jdbc.sql(FIND_BY_KEY)
                .param("key", workKey)
                .query(JdbcGenerations::read)
                .optional();
    }

    Optional<Generation> filling() {
        return jdbc.sql(FILLING).query(JdbcGenerations::read).optional();
    }

    /** The one that was opened last, whatever became of it. */
    Optional<Generation> last() {
        return find(jdbc.sql(LAST).query(Long.class).single());
    }

    /** Opens a generation; from its commit on all changes are applied to it as well. */
    Generation open(Purpose purpose, String workKey, Instant now) {
        long next = jdbc.sql(LAST).query(Long.class).single() + 1;
        jdbc.sql(OPEN)
                .param("generation", next)
                .param("purpose", purpose.name())
                .param("key", workKey)
                .param("now", toJdbc(now))
                .update();
        return find(next).orElseThrow();
    }

    /** Takes a generation that is to be filled or deleted now and that nobody works on. */
    Optional<Generation> claim(String owner, Duration lease, Instant now) {
        for (var due : jdbc.sql(DUE)
                .param("now", toJdbc(now))
                .query(JdbcGenerations::read)
                .list()) {
            int claimed = jdbc.sql(CLAIM)
                    .param("owner", owner)
                    .param("until", toJdbc(now.plus(lease)))
                    .param("generation", due.number())
                    .param("fence", due.fence())
                    .param("state", due.state().name())
                    .update();
            if (claimed == 1) {
                return find(due.number());
            }
        }
        return Optional.empty();
    }

    /** @throws GenerationLostException when another instance works on it now, or nobody is to */
    void renew(Generation held, String owner, Duration lease, Instant now) {
        int renewed = jdbc.sql(RENEW)
                .param("until", toJdbc(now.plus(lease)))
                .param("generation", held.number())
                .param("owner", owner)
                .param("fence", held.fence())
                .param("state", held.state().name())
                .update();
        if (renewed == 0) {
            throw new GenerationLostException(held.number());
        }
    }

    void putBack(Generation held, String owner, int tries, @Nullable String error, Instant due) {
        jdbc.sql(PUT_BACK)
                .param("due", toJdbc(due))
                .param("tries", tries)
                .param("error", error)
                .param("generation", held.number())
                .param("owner", owner)
                .param("fence", held.fence())
                .update();
    }

    /** Has all who read from now on read this generation; the earlier one is deleted later. */
    void swap(long from, long to, @Nullable String result, Instant now, Duration retiredAfter) {
        jdbc.sql(GO_LIVE)
                .param("now", toJdbc(now))
                .param("result", result)
                .param("generation", to)
                .update();
        jdbc.sql(SWAP).param("generation", to).update();
        jdbc.sql(RETIRE_LIVE)
                .param("now", toJdbc(now))
                .param("due", toJdbc(now.plus(retiredAfter)))
                .param("generation", from)
                .update();
    }

    /** Ends a generation that never goes live. */
    void retire(long generation, @Nullable String error, @Nullable String result, Instant now, Duration retiredAfter) {
        jdbc.sql(RETIRE)
                .param("now", toJdbc(now))
                .param("due", toJdbc(now.plus(retiredAfter)))
                .param("error", error)
                .param("result", result)
                .param("generation", generation)
                .update();
    }

    void deleted(long generation) {
        jdbc.sql(DELETED).param("generation", generation).update();
    }

    /** Deletes some users behind an id; the last id, or null when there was none. */
    @Nullable
    String deleteUsers(long generation, String after, int rows) {
        var ids = template.queryForList(USERS_OF.formatted(rows), String.class, generation, after);
        template.batchUpdate(DELETE_USER, ids, rows, (statement, id) -> {
            statement.setString(1, id);
            statement.setLong(2, generation);
        });
        return ids.isEmpty() ? null : ids.get(ids.size() - 1);
    }

    /** Deletes some facts from a key on; the last key, or null when there was none. */
    @Nullable
    String deleteFacts(long generation, String from, int rows) {
        record Key(String key, String kind) {}
        var keys = template.query(
                FACTS_OF.formatted(rows),
                (row, number) -> new Key(row.getString(1), row.getString(2)),
                generation,
                from);
        template.batchUpdate(DELETE_FACT, keys, rows, (statement, key) -> {
            statement.setString(1, key.key());
            statement.setString(2, key.kind());
            statement.setLong(3, generation);
        });
        return keys.isEmpty() ? null : keys.get(keys.size() - 1).key();
    }

    private static Generation read(ResultSet row, int number) throws SQLException {
        return new Generation(
                row.getLong("generation"),
                State.valueOf(row.getString("state")),
                Purpose.valueOf(row.getString("purpose")),
                row.getString("work_key"),
                row.getLong("fence"),
                row.getInt("tries"),
                row.getString("error_text"),
                row.getString("result_text"),
                JdbcTimes.instant(row, "opened_at"),
                JdbcTimes.instantOrNull(row, "live_at"),
                JdbcTimes.instantOrNull(row, "ended_at"));
    }
}
