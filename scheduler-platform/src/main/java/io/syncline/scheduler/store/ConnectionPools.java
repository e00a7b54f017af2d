package io.syncline.scheduler.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.syncline.migrations.SchemaMigrations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.jdbc.autoconfigure.DataSourceProperties;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Opens all pools of this process, after the schema has been brought to its version or found to be at it. */
final class ConnectionPools implements AutoCloseable {

    static final String SERVICE = "scheduler";
    private static final String DISPATCH = "dispatch";
    private static final String BULK = "bulk";

    /**
     * A plan that was made while a table was small reads all of it, and is kept by the session while the table grows: until
     * its first statistics, a minute or more later, each statement on a queue would read the whole queue.
     */
    private static final String BY_INDEX = "; set enable_seqscan = off";

    /** Rows that are known by their keys are looked up one by one, however many a plan takes them for. */
    private static final String ROW_BY_ROW = "; set enable_hashjoin = off; set enable_mergejoin = off";

    private static final Duration KEEP_ALIVE = Duration.ofMinutes(2);
    private static final Duration MAX_LIFETIME = Duration.ofMinutes(30);

    private static final Duration BEYOND_STATEMENT = Duration.ofSeconds(2);

    private final List<HikariDataSource> opened = new ArrayList<>();
    private final SqlDialect dialect;
    private final Map<ConnectionPool, HikariDataSource> routed;
    private final HikariDataSource quartz;
    private final HikariDataSource heartbeat;
    private final @Nullable HikariDataSource signals;

    ConnectionPools(DataSourceProperties source, DatabaseProperties properties) {
        dialect = dialectOf(source.determineUrl());
        try {
            var statement = properties.statementTimeout();
            var idle = properties.idleInTransactionTimeout();
            var api = open("api", properties.pools().api(), statement, idle, source, properties);
            DurabilityCheck.require(api, dialect, properties.allowUnsafeDurability());
            SchemaMigrations.prepare(withoutLimits(source), SERVICE, properties.migrate());
            routed = Map.of(
                    ConnectionPool.API,
                    api,
                    ConnectionPool.DISPATCH,
                    open(DISPATCH, properties.pools().dispatch(), statement, idle, source, properties),
                    ConnectionPool.BULK,
                    open(
                            BULK,
                            properties.pools().bulk(),
                            statement.multipliedBy(DatabaseProperties.BULK_STATEMENT_FACTOR),
                            idle.multipliedBy(DatabaseProperties.BULK_IDLE_FACTOR),
                            source,
                            properties));
            quartz = open("quartz", properties.pools().quartz(), statement, idle, source, properties);
            // Of its own, so that a node whose other pools are busy is not taken for dead.
            heartbeat = open("heartbeat", 1, Duration.ofSeconds(3), Duration.ofSeconds(3), source, properties);
            signals = dialect == SqlDialect.POSTGRESQL
                    ? open("signals", 2, Duration.ofSeconds(3), Duration.ofSeconds(3), source, properties)
                    : null;
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private HikariDataSource open(
            String name,
            int maxConnections,
            Duration statementTimeout,
            Duration idleInTransaction,
            DataSourceProperties source,
            DatabaseProperties properties) {
        var config = new HikariConfig();
        config.setPoolName("syncline-" + name);
        config.setJdbcUrl(source.determineUrl());
        var driver = source.determineDriverClassName();
        if (driver != null) {
            config.setDriverClassName(driver);
        }
        config.setUsername(source.determineUsername());
        config.setPassword(source.determinePassword());
        config.setMaximumPoolSize(maxConnections);
        config.setMinimumIdle(Math.min(maxConnections, 1));
        config.setConnectionTimeout(properties.acquireTimeout().toMillis());
        config.setValidationTimeout(Math.min(1000, properties.acquireTimeout().toMillis()));
        config.setKeepaliveTime(KEEP_ALIVE.toMillis());
        config.setMaxLifetime(MAX_LIFETIME.toMillis());
        config.setConnectionInitSql(sessionSettings(name, statementTimeout, idleInTransaction, properties));
        driverSettings(name, statementTimeout, properties).forEach(config::addDataSourceProperty);
        var pool = new HikariDataSource(config);
        opened.add(pool);
        return pool;
    }

    /** For the migrations: building an index may take longer than any statement of the service. */
    private static DataSource withoutLimits(DataSourceProperties source) {
        var direct = new DriverManagerDataSource(source.determineUrl());
        var user = source.determineUsername();
        if (user != null) {
            direct.setUsername(user);
        }
        var password = source.determinePassword();
        if (password != null) {
            direct.setPassword(password);
        }
        return direct;
    }

    private @Nullable String sessionSettings(
            String name, Duration statementTimeout, Duration idleInTransaction, DatabaseProperties properties) {
        return switch (dialect) {
            case POSTGRESQL ->
                "set statement_timeout = %d; set lock_timeout = %d; set idle_in_transaction_session_timeout = %d; set jit = off%s%s"
                        .formatted(
                                statementTimeout.toMillis(),
                                properties.lockTimeout().toMillis(),
                                idleInTransaction.toMillis(),
                                name.equals(BULK) ? "" : BY_INDEX,
                                name.equals(DISPATCH) ? ROW_BY_ROW : "");
            case H2 -> "set lock_timeout %d".formatted(properties.lockTimeout().toMillis());
            // Oracle bounds waits by the driver's read time-out and the statements' own time-out.
            case ORACLE -> null;
        };
    }

    private Map<String, String> driverSettings(String name, Duration statementTimeout, DatabaseProperties properties) {
        var connect = properties.connectTimeout();
        // A link that swallows everything is noticed soon after the pool's longest statement would have ended.
        var silence = statementTimeout.plus(BEYOND_STATEMENT);
        var socket = silence.compareTo(properties.socketTimeout()) < 0 ? silence : properties.socketTimeout();
        return switch (dialect) {
            case POSTGRESQL ->
                Map.of(
                        "connectTimeout",
                        Long.toString(connect.toSeconds()),
                        "socketTimeout",
                        Long.toString(socket.toSeconds()),
                        "tcpKeepAlive",
                        "true",
                        "ApplicationName",
                        "syncline-" + name);
            case ORACLE ->
                Map.of(
                        "oracle.net.CONNECT_TIMEOUT",
                        Long.toString(connect.toMillis()),
                        "oracle.jdbc.ReadTimeout",
                        Long.toString(socket.toMillis()),
                        "oracle.net.keepAlive",
                        "true",
                        "v$session.program",
                        "syncline-" + name);
            case H2 -> Map.of();
        };
    }

    private static SqlDialect dialectOf(String url) {
        var product = url.toLowerCase(Locale.ROOT).split(":", 3);
        if (product.length < 3 || !product[0].equals("jdbc")) {
            throw new IllegalStateException("spring.datasource.url is no JDBC address: it begins with jdbc:");
        }
        return SqlDialect.ofProduct(product[1]);
    }

    SqlDialect dialect() {
        return dialect;
    }

    Map<ConnectionPool, HikariDataSource> routed() {
        return routed;
    }

    HikariDataSource quartz() {
        return quartz;
    }

    HikariDataSource heartbeat() {
        return heartbeat;
    }

    /** Null where the database passes nothing on from session to session. */
    @Nullable
    HikariDataSource signals() {
        return signals;
    }

    List<HikariDataSource> all() {
        return List.copyOf(opened);
    }

    @Override
    public void close() {
        opened.stream().filter(Objects::nonNull).forEach(HikariDataSource::close);
    }
}
