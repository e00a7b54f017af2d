package io.syncline.client.store;

import io.syncline.client.StartRefusedException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.ClassPathResource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

/**
 * Sees to it that the starter's tables are there. A service whose migrations apply {@code db/outbox/<vendor>} has them
 * already; without migrations they are created on H2, or where the service says so.
 */
public final class ClientSchema {

    private static final Logger LOG = LoggerFactory.getLogger(ClientSchema.class);
    private static final List<String> SCRIPTS = List.of("V001__outbox.sql", "V002__sync_work.sql");
    private static final String WEBHOOKS = "V003__webhook_seen.sql";

    private static final String TRACESTATE = "V004__tracestate.sql";

    /** A traceparent of 55 characters, a blank, and a tracestate of 512. */
    private static final int LONGEST_TRACE = 568;

    private final boolean webhooks;
    private final boolean tracestate;

    private ClientSchema(boolean webhooks, boolean tracestate) {
        this.webhooks = webhooks;
        this.tracestate = tracestate;
    }

    /** Whether a work's traceparent may have a tracestate behind it; tables of an older starter are too narrow. */
    public boolean hasRoomForTracestate() {
        return tracestate;
    }

    /** Whether the ids of received webhooks can be kept; a service that takes none does without. */
    public boolean hasWebhooks() {
        return webhooks;
    }

    static ClientSchema prepare(DataSource dataSource, CreateTables createTables) {
        var vendor = vendor(dataSource);
        boolean create = switch (createTables) {
            case ALWAYS -> true;
            case EMBEDDED -> vendor.equals("h2");
            case NEVER -> false;
        };
        if (!exists(dataSource)) {
            if (!create) {
                throw new MissingTablesException(vendor);
            }
            create(dataSource, vendor);
        }
        if (create && !existsForWebhooks(dataSource)) {
            applyUnless(() -> existsForWebhooks(dataSource), dataSource, vendor, WEBHOOKS);
        }
        if (create && !isWideEnough(dataSource)) {
            applyUnless(() -> isWideEnough(dataSource), dataSource, vendor, TRACESTATE);
        }
        return new ClientSchema(existsForWebhooks(dataSource), isWideEnough(dataSource));
    }

    private static void create(DataSource dataSource, String vendor) {
        LOG.info("Creating the tables of the outbox and of the sync endpoint from db/outbox/{}", vendor);
        try {
            for (var script : SCRIPTS) {
                new ResourceDatabasePopulator(new ClassPathResource("db/outbox/" + vendor + "/" + script))
                        .execute(dataSource);
            }
        } catch (DataAccessException e) {
            // Another instance may have created them at the same moment.
            if (!exists(dataSource)) {
                throw e;
            }
        }
    }

    /** Another instance may do the same at the same moment. */
    private static void applyUnless(BooleanSupplier done, DataSource dataSource, String vendor, String script) {
        try {
            new ResourceDatabasePopulator(new ClassPathResource("db/outbox/" + vendor + "/" + script))
                    .execute(dataSource);
        } catch (DataAccessException e) {
            if (!done.getAsBoolean()) {
                throw e;
            }
        }
    }

    private static boolean isWideEnough(DataSource dataSource) {
        try (var connection = dataSource.getConnection();
                var columns = connection
                        .getMetaData()
                        .getColumns(
                                connection.getCatalog(),
                                connection.getSchema(),
                                stored(connection, "sync_work"),
                                stored(connection, "traceparent"))) {
            return columns.next() && columns.getInt("COLUMN_SIZE") >= LONGEST_TRACE;
        } catch (SQLException e) {
            throw unreachable(e);
        }
    }

    private static String stored(Connection connection, String name) throws SQLException {
        return connection.getMetaData().storesUpperCaseIdentifiers() ? name.toUpperCase(Locale.ROOT) : name;
    }

    private static boolean existsForWebhooks(DataSource dataSource) {
        try (var connection = dataSource.getConnection()) {
            return hasTable(connection, "webhook_seen");
        } catch (SQLException e) {
            throw unreachable(e);
        }
    }

    private static boolean exists(DataSource dataSource) {
        try (var connection = dataSource.getConnection()) {
            return hasTable(connection, "sync_work") && hasTable(connection, "outbox_message");
        } catch (SQLException e) {
            throw unreachable(e);
        }
    }

    private static boolean hasTable(Connection connection, String table) throws SQLException {
        var schema = connection.getSchema();
        try (var tables =
                connection.getMetaData().getTables(connection.getCatalog(), schema, stored(connection, table), null)) {
            return tables.next();
        }
    }

    private static String vendor(DataSource dataSource) {
        try (var connection = dataSource.getConnection()) {
            var product = connection.getMetaData().getDatabaseProductName().toLowerCase(Locale.ROOT);
            return switch (product) {
                case "h2", "postgresql", "oracle" -> product;
                default ->
                    throw new StartRefusedException(
                            "The service's database is " + product + ", for which the starter has no tables.",
                            "Use PostgreSQL, Oracle or H2 for the service's primary DataSource, "
                                    + "or switch the starter off with syncline.client.enabled=false.");
            };
        } catch (SQLException e) {
            throw unreachable(e);
        }
    }

    private static StartRefusedException unreachable(SQLException trouble) {
        return new StartRefusedException(
                "The service's database cannot be reached: " + trouble.getMessage(),
                "See that it runs, and correct spring.datasource.url, spring.datasource.username and "
                        + "spring.datasource.password.",
                trouble);
    }
}
