package io.syncline.scheduler.quartz;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** Notes statements that change or lock something while their connection commits each statement by itself. */
final class StatementsOutsideTransactions {

    private final Queue<String> changes = new ConcurrentLinkedQueue<>();

    DataSource watching(DataSource source) {
        return new DelegatingDataSource(source) {
            @Override
            public Connection getConnection() throws SQLException {
                return watching(super.getConnection());
            }
        };
    }

    List<String> changes() {
        return List.copyOf(changes);
    }

    private Connection watching(Connection connection) {
        return (Connection) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("prepareStatement")
                            && connection.getAutoCommit()
                            && isChange((String) arguments[0])) {
                        changes.add((String) arguments[0]);
                    }
                    try {
                        return method.invoke(connection, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static boolean isChange(String statement) {
        var text = statement.strip().toLowerCase(Locale.ROOT);
        return !text.startsWith("select") || text.contains("for update");
    }
}
