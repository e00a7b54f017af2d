package io.syncline.consumer.users;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.Statement;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** The process dies at one step: its connection is gone before the statement, or right after the commit. */
final class FailingDataSource extends DelegatingDataSource {

    private static final Set<String> STEPS = Set.of(
            "execute", "executeQuery", "executeUpdate", "executeBatch", "executeLargeUpdate", "executeLargeBatch");

    private final AtomicInteger left;
    private volatile boolean died;

    /** @param step at which to die, counted from 1; each statement is one, and each commit two */
    FailingDataSource(DataSource dataSource, int step) {
        super(dataSource);
        this.left = new AtomicInteger(step);
    }

    boolean died() {
        return died;
    }

    @Override
    public Connection getConnection() throws SQLException {
        var connection = super.getConnection();
        return (Connection) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("commit")) {
                        step();
                        method.invoke(connection);
                        step();
                        return null;
                    }
                    var result = call(() -> method.invoke(connection, arguments));
                    if (result instanceof PreparedStatement statement) {
                        return counted(PreparedStatement.class, statement);
                    }
                    return result instanceof Statement statement ? counted(Statement.class, statement) : result;
                });
    }

    private <T extends Statement> Object counted(Class<T> type, T statement) {
        return Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    if (STEPS.contains(method.getName())) {
                        step();
                    }
                    return call(() -> method.invoke(statement, arguments));
                });
    }

    private void step() throws SQLException {
        if (died || left.decrementAndGet() == 0) {
            died = true;
            throw new SQLNonTransientConnectionException("the process died here", "08006");
        }
    }

    private interface Call {
        Object now() throws InvocationTargetException, IllegalAccessException;
    }

    private static Object call(Call call) throws Throwable {
        try {
            return call.now();
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
