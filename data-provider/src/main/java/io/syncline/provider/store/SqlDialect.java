package io.syncline.provider.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import javax.sql.DataSource;
import org.springframework.dao.DataAccessException;

/** Where the three databases differ. */
public enum SqlDialect {
    H2,
    POSTGRESQL,
    ORACLE;

    /** H2's own level, above those of JDBC: one snapshot for all tables of a transaction. */
    private static final int H2_SNAPSHOT = 6;

    private static final int H2_LOCK_TIMEOUT = 50200;

    private static final String POSTGRESQL_LOCK_NOT_AVAILABLE = "55P03";

    private static final int ORACLE_RESOURCE_BUSY = 54;

    public static SqlDialect of(DataSource dataSource) {
        try (var connection = dataSource.getConnection()) {
            var product = connection.getMetaData().getDatabaseProductName().toLowerCase(Locale.ROOT);
            if (product.startsWith("h2")) {
                return H2;
            }
            if (product.startsWith("postgresql")) {
                return POSTGRESQL;
            }
            if (product.startsWith("oracle")) {
                return ORACLE;
            }
            throw new IllegalStateException("Only H2, PostgreSQL and Oracle are supported, this is " + product);
        } catch (SQLException unreachable) {
            throw new IllegalStateException("The database cannot be asked what it is", unreachable);
        }
    }

    /** The isolation in which all reads of a transaction see one moment. */
    public int snapshotIsolation() {
        return switch (this) {
            case H2 -> H2_SNAPSHOT;
            case POSTGRESQL -> Connection.TRANSACTION_REPEATABLE_READ;
            case ORACLE -> Connection.TRANSACTION_SERIALIZABLE;
        };
    }

    String selectNow() {
        return switch (this) {
            case H2, POSTGRESQL -> "select current_timestamp(6)";
            case ORACLE -> "select current_timestamp(6) from dual";
        };
    }

    String selectMoment() {
        return switch (this) {
            // In its Oracle mode H2 reads the clock once a statement.
            case H2 -> "select current_timestamp(6)";
            case POSTGRESQL -> "select clock_timestamp()";
            case ORACLE -> "select systimestamp from dual";
        };
    }

    /**
     * Has the database end the transaction that it is told in once its client has been silent for so long, such as one
     * that was frozen; the row locks go with it. Only PostgreSQL does that in time.
     */
    public Optional<String> endTransactionAfterSilence(Duration time) {
        return this == POSTGRESQL
                ? Optional.of("set local idle_in_transaction_session_timeout = " + time.toMillis())
                : Optional.empty();
    }

    /** Whether a statement with NOWAIT was refused because another transaction holds the row. */
    public boolean isHeldByAnother(DataAccessException failure) {
        if (!(failure.getCause() instanceof SQLException refused)) {
            return false;
        }
        return switch (this) {
            case H2 -> refused.getErrorCode() == H2_LOCK_TIMEOUT;
            case POSTGRESQL -> POSTGRESQL_LOCK_NOT_AVAILABLE.equals(refused.getSQLState());
            case ORACLE -> refused.getErrorCode() == ORACLE_RESOURCE_BUSY;
        };
    }

    /** Whether a text column of n characters is also bounded by n bytes, which is so on Oracle at its usual setting. */
    public boolean boundsTextInBytes() {
        return this == ORACLE;
    }
}
