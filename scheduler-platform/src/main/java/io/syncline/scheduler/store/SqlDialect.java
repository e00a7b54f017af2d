package io.syncline.scheduler.store;

import java.sql.SQLException;
import java.util.Locale;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** What the three databases say differently, and which of them we talk to. */
public enum SqlDialect {
    H2,
    POSTGRESQL,
    ORACLE;

    private static final int ORACLE_UNIQUE_CONSTRAINT = 1;

    /** Asks the database itself, so that a pool or proxy in between does not matter. */
    public static SqlDialect of(DataSource dataSource) {
        try (var connection = dataSource.getConnection()) {
            return ofProduct(connection.getMetaData().getDatabaseProductName());
        } catch (SQLException e) {
            throw new IllegalStateException("cannot ask the database which product it is: " + e.getMessage(), e);
        }
    }

    static SqlDialect ofProduct(String product) {
        var name = product.toLowerCase(Locale.ROOT);
        if (name.equals("h2")) {
            return H2;
        }
        if (name.startsWith("postgresql")) {
            return POSTGRESQL;
        }
        if (name.startsWith("oracle")) {
            return ORACLE;
        }
        throw new IllegalStateException("unsupported database: " + product + " (use H2, PostgreSQL or Oracle)");
    }

    /** The query cut to its first rows. Not for queries that lock rows: Oracle cannot combine the two. */
    public String limit(String query, int rows) {
        return query.stripTrailing() + "\nfetch first " + rows + " rows only";
    }

    /** The database's time when the transaction began (Oracle: when the statement ran). */
    public String currentTimestamp() {
        return switch (this) {
            case H2, POSTGRESQL -> "select current_timestamp";
            case ORACLE -> "select systimestamp from dual";
        };
    }

    /** Whether some cause says that a unique key already exists. */
    public boolean isDuplicateKey(@Nullable Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                var duplicate = switch (this) {
                    case H2, POSTGRESQL -> "23505".equals(sql.getSQLState());
                    case ORACLE -> sql.getErrorCode() == ORACLE_UNIQUE_CONSTRAINT;
                };
                if (duplicate) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The name of the folder that holds this database's scripts. */
    public String vendor() {
        return switch (this) {
            case H2 -> "h2";
            case POSTGRESQL -> "postgresql";
            case ORACLE -> "oracle";
        };
    }
}
