package io.syncline.faults;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.Statement;
import java.util.Set;
import java.util.TreeSet;
import javax.sql.DataSource;
import net.ttddyy.dsproxy.listener.MethodExecutionContext;
import net.ttddyy.dsproxy.listener.MethodExecutionListener;
import net.ttddyy.dsproxy.support.ProxyDataSource;
import net.ttddyy.dsproxy.support.ProxyDataSourceBuilder;
import org.jspecify.annotations.Nullable;

/**
 * A data source without a pool whose calls can be made to fail, one by one: what opens, begins, prepares, executes, reads on,
 * commits or rolls back. What a lost connection undoes anyway is not failed twice. A connection that was lost stays lost, as one over a network does; a commit that is refused has
 * been rolled back.
 */
public final class FaultyDataSource {

    private static final Set<String> COUNTED = Set.of(
            "getConnection",
            "setAutoCommit",
            "prepareStatement",
            "createStatement",
            "execute",
            "executeQuery",
            "executeUpdate",
            "executeLargeUpdate",
            "executeBatch",
            "executeLargeBatch",
            "next",
            "commit",
            "rollback");

    /** What may be asked of a connection that is lost. */
    private static final Set<String> LOCAL =
            Set.of("close", "isClosed", "unwrap", "isWrapperFor", "toString", "hashCode");

    /** PostgreSQL's "internal error": nobody takes it for one that passes by itself. */
    private static final String REFUSED = "XX000";

    private static final String LOST = "08006";
    private static final String CLOSED = "08003";

    private final Calls calls;
    private final @Nullable String abort;
    private final ProxyDataSource proxy;
    private final Set<String> open = new TreeSet<>();
    private final Set<String> lost = new TreeSet<>();

    /**
     * @param driver gives a connection of its own to each who asks
     * @param abort a statement that fails, for a database whose transaction cannot go on after a failure; null: it can
     */
    public FaultyDataSource(DataSource driver, Calls calls, @Nullable String abort) {
        this.calls = calls;
        this.abort = abort;
        this.proxy = ProxyDataSourceBuilder.create(driver)
                .methodListener(new Listener())
                .proxyResultSet()
                .build();
    }

    public DataSource dataSource() {
        return proxy;
    }

    /** Connections that were opened and not closed, lost ones included. */
    public synchronized int open() {
        return open.size();
    }

    private final class Listener implements MethodExecutionListener {

        /** Of this thread's call; calls do not nest. */
        private final ThreadLocal<@Nullable Failure> failing = new ThreadLocal<>();

        @Override
        public void beforeMethod(MethodExecutionContext call) {
            failing.remove();
            var method = call.getMethod().getName();
            if (isLost(call) && !LOCAL.contains(method)) {
                throw Sneaky.thrown(new SQLNonTransientConnectionException("the connection is closed", CLOSED));
            }
            var failure = COUNTED.contains(method) ? calls.next(described(call), isUndoneWithConnection(call)) : null;
            if (failure == Failure.NOT_MADE) {
                lose(call);
            } else if (failure == Failure.REFUSED) {
                refuse(call);
            } else if (failure != null) {
                failing.set(failure);
            }
        }

        @Override
        public void afterMethod(MethodExecutionContext call) {
            note(call);
            if (failing.get() != null) {
                failing.remove();
                lose(call);
            }
        }
    }

    private synchronized boolean isLost(MethodExecutionContext call) {
        return lost.contains(id(call));
    }

    private synchronized void note(MethodExecutionContext call) {
        var method = call.getMethod().getName();
        if (method.equals("getConnection") && call.getTarget() instanceof DataSource && call.getThrown() == null) {
            open.add(id(call));
        } else if (method.equals("close") && call.getTarget() instanceof Connection) {
            open.remove(id(call));
            lost.remove(id(call));
        }
    }

    /** What commits by itself stands, and so does what was committed. */
    private static boolean isUndoneWithConnection(MethodExecutionContext call) {
        try {
            var connection = connection(call);
            return connection != null
                    && !call.getMethod().getName().equals("commit")
                    && !(connection.getAutoCommit() && call.getTarget() instanceof Statement);
        } catch (SQLException e) {
            throw Sneaky.thrown(e);
        }
    }

    private static String id(MethodExecutionContext call) {
        var connection = call.getConnectionInfo();
        return connection == null || connection.getConnectionId() == null ? "" : connection.getConnectionId();
    }

    private static String described(MethodExecutionContext call) {
        var arguments = call.getMethodArgs();
        var text = arguments != null && arguments.length > 0 && arguments[0] instanceof String sql
                ? " " + sql.strip().replaceAll("\\s+", " ")
                : "";
        return call.getMethod().getName() + (text.length() > 160 ? text.substring(0, 160) + "…" : text);
    }

    private void lose(MethodExecutionContext call) {
        try {
            var connection = connection(call);
            if (connection == null) {
                // It was opened for a caller who never hears of it.
                if (call.getResult() instanceof Connection opened) {
                    opened.close();
                }
            } else {
                synchronized (this) {
                    lost.add(id(call));
                }
                drop(connection);
            }
        } catch (SQLException e) {
            throw Sneaky.thrown(e);
        }
        throw Sneaky.thrown(new SQLNonTransientConnectionException("the connection was lost", LOST));
    }

    /** A driver may commit what is open when it is told to close. */
    private static void drop(Connection connection) throws SQLException {
        if (!connection.isClosed()) {
            if (!connection.getAutoCommit()) {
                connection.rollback();
            }
            connection.close();
        }
    }

    private void refuse(MethodExecutionContext call) {
        try {
            var connection = connection(call);
            if (connection != null && !connection.getAutoCommit()) {
                if (call.getMethod().getName().equals("commit")) {
                    connection.rollback();
                } else if (abort != null) {
                    fail(connection);
                }
            }
        } catch (SQLException e) {
            throw Sneaky.thrown(e);
        }
        throw Sneaky.thrown(new SQLException("refused", REFUSED));
    }

    private void fail(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(abort);
        } catch (SQLException asMeant) {
            return;
        }
        throw new SQLException("does not fail: " + abort);
    }

    /** Null: it is still to be opened. */
    private static @Nullable Connection connection(MethodExecutionContext call) throws SQLException {
        var target = call.getTarget();
        if (target instanceof ResultSet rows) {
            return rows.getStatement().getConnection();
        }
        if (target instanceof Statement statement) {
            return statement.getConnection();
        }
        return target instanceof Connection connection ? connection : null;
    }
}
