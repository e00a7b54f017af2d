package io.syncline.consumer.store;

import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import javax.sql.DataSource;
import org.springframework.transaction.TransactionDefinition;

/** Where the three databases differ. */
public enum SqlDialect {
    H2,
    POSTGRESQL,
    ORACLE;

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
            throw new IllegalStateException("only H2, PostgreSQL and Oracle are supported, this is " + product);
        } catch (SQLException e) {
            throw new IllegalStateException("the database cannot be asked what it is", e);
        }
    }

    /** The isolation in which all reads of a transaction see one moment. */
    int snapshotIsolation() {
        return switch (this) {
            case POSTGRESQL -> TransactionDefinition.ISOLATION_REPEATABLE_READ;
            case H2, ORACLE -> TransactionDefinition.ISOLATION_SERIALIZABLE;
        };
    }

    /**
     * What to run once a table was filled, before others join it: the optimiser may believe that it is still empty. It
     * needs the table's owner and does nothing for others, and it locks out its like to the end of the transaction.
     */
    public List<String> afterFilling(String table) {
        return switch (this) {
            case POSTGRESQL -> List.of("analyze " + table);
            case H2, ORACLE -> List.of();
        };
    }

    /** What to run in a transaction that joins whole tables, lest each row be compared with each. */
    public List<String> beforeJoining() {
        return switch (this) {
            case POSTGRESQL -> List.of("set local enable_nestloop = off");
            case H2, ORACLE -> List.of();
        };
    }

    String selectNow() {
        return switch (this) {
            case H2, POSTGRESQL -> "select current_timestamp(6)";
            case ORACLE -> "select current_timestamp(6) from dual";
        };
    }
}
