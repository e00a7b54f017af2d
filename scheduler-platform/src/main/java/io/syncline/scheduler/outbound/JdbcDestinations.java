package io.syncline.scheduler.outbound;

import io.syncline.scheduler.store.JdbcTimes;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The operators' list of destinations in the database. */
@Repository
class JdbcDestinations {

    private static final String VERSION = "select version_number from destination_list where list_key = 'destinations'";

    private static final String LOCK = VERSION + " for update";

    private static final String ENTRIES = """
            select scheme, host, port_text from destination
            order by host, port_text, scheme
            """;

    private static final String INSERT_LIST = """
            insert into destination_list (list_key, version_number, changed_at, changed_by)
            values ('destinations', :version, :now, :by)
            """;

    private static final String UPDATE_LIST = """
            update destination_list set version_number = :version, changed_at = :now, changed_by = :by
            where list_key = 'destinations'
            """;

    private static final String DELETE_ENTRIES = "delete from destination";

    private static final String INSERT_ENTRY = """
            insert into destination (scheme, host, port_text)
            values (:scheme, :host, :port)
            """;

    private final JdbcClient jdbc;

    JdbcDestinations(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    int version() {
        return jdbc.sql(VERSION).query(Integer.class).optional().orElse(0);
    }

    /** Keeps the list from being changed by others until the end of the transaction; empty before its first version. */
    Optional<Integer> lock() {
        return jdbc.sql(LOCK).query(Integer.class).optional();
    }

    List<Destination> entries() {
        return jdbc.sql(ENTRIES)
                .query((row, i) ->
                        Destination.of(row.getString("scheme"), row.getString("host"), row.getString("port_text")))
                .list();
    }

    void replace(DestinationList list, String by, Instant now) {
        jdbc.sql(list.version() == 1 ? INSERT_LIST : UPDATE_LIST)
                .param("version", list.version())
                .param("now", JdbcTimes.toJdbc(now))
                .param("by", by)
                .update();
        jdbc.sql(DELETE_ENTRIES).update();
        for (Destination destination : list.destinations()) {
            jdbc.sql(INSERT_ENTRY)
                    .param("scheme", destination.scheme())
                    .param("host", destination.host())
                    .param("port", destination.portText())
                    .update();
        }
    }
}
