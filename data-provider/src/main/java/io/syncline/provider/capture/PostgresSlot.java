package io.syncline.provider.capture;

import io.syncline.provider.dataset.Dataset;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.TreeSet;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What PostgreSQL says of the slot, the publication and the tables. */
class PostgresSlot {

    private static final String STATE = """
            select active, coalesce(wal_status, 'unknown') as wal_status,
                   cast(coalesce(pg_wal_lsn_diff(pg_current_wal_lsn(), confirmed_flush_lsn), 0) as bigint) as lag
              from pg_replication_slots where slot_name = :slot
            """;

    private static final String IDENTITY =
            "select cast(relreplident as varchar) from pg_class where oid = to_regclass(:table)";

    private static final String QUALIFIED = """
            select n.nspname || '.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
             where c.oid = to_regclass(:table)
            """;

    private static final String PUBLISHED =
            "select schemaname || '.' || tablename from pg_publication_tables where pubname = :publication";

    private static final String END_READER = """
            select pg_terminate_backend(active_pid, :millis) from pg_replication_slots
             where slot_name = :slot and active_pid is not null
            """;

    private static final Duration ENDS_WITHIN = Duration.ofSeconds(5);

    private final JdbcClient jdbc;
    private final CaptureProperties properties;

    PostgresSlot(JdbcClient jdbc, CaptureProperties properties) {
        this.jdbc = jdbc;
        this.properties = properties;
    }

    /**
     * @param status as PostgreSQL names it: {@code reserved}, {@code extended}, {@code unreserved} or {@code lost}
     * @param lag bytes of log written since the position that was confirmed
     */
    record State(boolean active, String status, long lag) {}

    Optional<State> state() {
        return jdbc.sql(STATE)
                .param("slot", properties.slot())
                .query((row, number) ->
                        new State(row.getBoolean("active"), row.getString("wal_status"), row.getLong("lag")))
                .optional();
    }

    /**
     * Ends the connection of whoever reads the slot. It has one reader at a time, and PostgreSQL keeps it to one that stands
     * still for as long as {@code wal_sender_timeout}, or for ever.
     *
     * @return whether there was one, and it is gone
     * @throws DataAccessException where this role may not end the other's connections
     */
    boolean endReader() {
        return jdbc.sql(END_READER)
                .param("slot", properties.slot())
                .param("millis", ENDS_WITHIN.toMillis())
                .query(Boolean.class)
                .optional()
                .orElse(false);
    }

    /** The table as the log names it: schema, dot, name. */
    String qualified(Dataset dataset) {
        return jdbc.sql(QUALIFIED)
                .param("table", dataset.table())
                .query(String.class)
                .single();
    }

    /** @throws IllegalStateException with what a person has to do */
    void check(Collection<Dataset> datasets) {
        var level = jdbc.sql("select current_setting('wal_level')")
                .query(String.class)
                .single();
        if (!level.equals("logical")) {
            throw new IllegalStateException("wal_level of the database is " + level + "; capture needs logical");
        }
        var remedies = datasets.stream()
                .filter(dataset -> !hasWholeRows(dataset))
                .map(dataset -> "alter table " + dataset.tableName() + " replica identity full")
                .toList();
        if (!remedies.isEmpty()) {
            throw new IllegalStateException(
                    "the log does not have rows as they were before a change; " + String.join("; ", remedies));
        }
    }

    private boolean hasWholeRows(Dataset dataset) {
        return jdbc.sql(IDENTITY)
                .param("table", dataset.table())
                .query(String.class)
                .optional()
                .equals(Optional.of("f"));
    }

    /** Whether the publication has these tables and no other. */
    boolean publishes(Collection<String> tables) {
        var published = jdbc.sql(PUBLISHED)
                .param("publication", properties.publication())
                .query(String.class)
                .list();
        return new TreeSet<>(published).equals(new TreeSet<>(tables));
    }
}
