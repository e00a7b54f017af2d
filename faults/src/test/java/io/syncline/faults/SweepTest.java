package io.syncline.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SweepTest {

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final Calls calls = new Calls("JDBC");
    private final JdbcDataSource driver = new JdbcDataSource();
    private FaultyDataSource database;

    @BeforeEach
    void open() throws SQLException {
        driver.setUrl("jdbc:h2:mem:sweep" + NUMBER.incrementAndGet() + ";DB_CLOSE_DELAY=-1");
        database = new FaultyDataSource(driver, calls, null);
        execute("drop table if exists account");
        execute("create table account (name varchar(10) primary key, amount int)");
    }

    private void execute(String sql) throws SQLException {
        try (var connection = driver.getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private int amount(String name) throws SQLException {
        try (var connection = driver.getConnection();
                var rows = connection
                        .createStatement()
                        .executeQuery("select amount from account where name = '" + name + "'")) {
            rows.next();
            return rows.getInt(1);
        }
    }

    /** Moves one from here to there; who was not answered asks whether it was done. */
    private class Transfer implements Flow {

        private boolean answered;

        Transfer() {
            try {
                execute("delete from account");
                execute("insert into account values ('here', 1), ('there', 0)");
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void go() throws SQLException {
            try (var connection = database.dataSource().getConnection()) {
                move(connection);
                answered = true;
            } catch (SQLException unknown) {
                answered = false;
            }
        }

        void move(Connection connection) throws SQLException {
            connection.setAutoCommit(false);
            add(connection, -1, "here");
            add(connection, 1, "there");
            connection.commit();
        }

        final void add(Connection connection, int amount, String name) throws SQLException {
            try (var statement = connection.prepareStatement("update account set amount = amount + ? where name = ?")) {
                statement.setInt(1, amount);
                statement.setString(2, name);
                statement.executeUpdate();
            }
        }

        @Override
        public void finish() throws SQLException {
            if (!answered && amount("here") == 1) {
                go();
            }
        }

        @Override
        public void check() throws SQLException {
            assertThat(amount("here")).isZero();
            assertThat(amount("there")).isEqualTo(1);
            assertThat(database.open()).isZero();
        }
    }

    private Sweep.Tried sweep(Supplier<Flow> flows) {
        return Sweep.over("transfer", calls, flows);
    }

    @Test
    void everyCallFailsInEachOfItsWays() {
        assertThat(sweep(Transfer::new)).isEqualTo(new Sweep.Tried("transfer", "JDBC", 7, 16));
    }

    @Test
    void twoTransactionsInThePlaceOfOneAreNamed() {
        assertThatThrownBy(() -> sweep(() -> new Transfer() {
                    @Override
                    void move(Connection connection) throws SQLException {
                        add(connection, -1, "here");
                        add(connection, 1, "there");
                    }
                }))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("-Dsyncline.sweep=transfer/JDBC/3/MADE_UNHEARD (executeUpdate)");
    }

    @Test
    void aConnectionThatIsNotGivenBackIsNamed() {
        assertThatThrownBy(() -> sweep(() -> new Transfer() {
                    @Override
                    public void go() throws SQLException {
                        super.go();
                        try {
                            var connection = database.dataSource().getConnection();
                            connection.createStatement();
                            connection.close();
                        } catch (SQLException unheard) {
                            // what a caller would see
                        }
                    }
                }))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("-Dsyncline.sweep=transfer/JDBC/9/NOT_MADE (createStatement)");
    }

    @Test
    void aFlowThatIsAnotherEachTimeIsNamed() {
        var worlds = new int[1];

        assertThatThrownBy(() -> sweep(() -> new Transfer() {
                    private final boolean first = worlds[0]++ == 0;

                    @Override
                    public void go() throws SQLException {
                        if (first) {
                            super.go();
                        }
                    }
                }))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("was not reached");
    }

    @Test
    void aCommitThatIsRefusedHasBeenRolledBack() throws SQLException {
        var transfer = new Transfer();
        calls.failAt(7, Failure.REFUSED);

        transfer.go();

        assertThat(calls.struck()).contains("commit");
        assertThat(amount("here")).isEqualTo(1);
    }

    @Test
    void aCommitThatNobodyHearsOfStands() throws SQLException {
        var transfer = new Transfer();
        calls.failAt(7, Failure.MADE_UNHEARD);

        transfer.go();

        assertThat(amount("here")).isZero();
        assertThat(database.open()).isZero();
    }

    @Test
    void whatWasLostStaysLost() throws SQLException {
        DataSource source = database.dataSource();
        try (var connection = source.getConnection()) {
            connection.setAutoCommit(false);
            calls.failAt(1, Failure.NOT_MADE);
            assertThatThrownBy(connection::createStatement).isInstanceOf(SQLException.class);
            calls.off();

            assertThatThrownBy(connection::commit)
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("08003"));
        }
        assertThat(database.open()).isZero();
    }
}
