package io.syncline.migrations.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The gate itself: it must let good Oracle through and stop each planted fault. */
class OracleGateTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "select id, name from task_run where state = :state and due_at <= :now order by due_at, id fetch first 10 rows only",
                "select id from task_run where id in (:ids) for update skip locked",
                "update task_run set state = 'CALLING', fence = fence + 1 where id in (:ids) and state = 'DUE'",
                "delete from call where started_at < :before",
                "insert into run (id, state, created_at) values (:id, :state, :createdAt)",
                "merge into setting t using (select :k as k, :v as v from dual) s on (t.k = s.k) when matched then update set v = s.v when not matched then insert (k, v) values (s.k, s.v)",
                "with newest as (select max(id) id from run) select r.state from run r join newest n on n.id = r.id",
                "select coalesce(max(position), 0) + 1 from journal where run_id = :run",
                "create table a_table (id varchar2(36) not null, big number(19) generated always as identity, at timestamp(6) with time zone, c clob, constraint a_pk primary key (id))",
                "alter table a_table add b varchar2(10 char)",
                "create index a_by_b on a_table (b)"
            })
    void goodStatementsPass(String sql) {
        assertThat(OracleGate.faults(sql)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "select id from run limit 10",
                "select id from run order by id limit :max",
                "select id::text from run",
                "select now() from dual",
                "select string_agg(id, ',') from run",
                "select id from run where state = 'DUE' order by id fetch first 10 rows only for update skip locked",
                "select id from run where state = ''",
                "insert into run (id) values (1), (2)",
                "insert into run (id) values (1) on conflict do nothing",
                "update run set state = 'A' from other o where o.id = run.id",
                "update run set state = 'A' where id = :id returning id",
                "delete from run where id = any(:ids)",
                "with recursive t as (select 1 id from dual) select id from t",
                "select r.id from run as r",
                "create table a_table (id text)",
                "create table a_table (id bigserial)",
                "create table a_table (done boolean not null)",
                "create table a_table (raw bytea)",
                "create table if not exists a_table (id number(19))",
                "create table a_table (date timestamp(6))",
                "alter table a_table add column b varchar2(10)",
                "select from where",
                "whatever this is"
            })
    void plantedFaultsAreStopped(String sql) {
        assertThat(OracleGate.faults(sql)).isNotEmpty();
    }

    @Test
    void theConstantsOfAClassAreFoundButThoseForOtherVendorsAreNot() {
        var statements = StatementsOfCode.reachingOracle(OracleGateTest.class);

        assertThat(statements.keySet())
                .contains(JdbcPlanted.class.getName() + ".FIND", JdbcPlanted.class.getName() + ".BROKEN")
                .doesNotContain(JdbcPlanted.class.getName() + ".GREETING")
                .noneMatch(name -> name.contains("PostgresPlanted"));
    }

    @Test
    void aPlantedStatementMakesTheGateFail() {
        assertThat(StatementsOfCode.faults(OracleGateTest.class))
                .anyMatch(fault -> fault.contains("JdbcPlanted.BROKEN"))
                .noneMatch(fault -> fault.contains("JdbcPlanted.FIND"));
    }

    @Test
    void theTablesOfScriptsAreRead() {
        var tables = OracleTables.after(
                List.of(
                        """
                -- a table; and a comment
                CREATE TABLE first_one (id NUMBER(19) NOT NULL, Name VARCHAR2(10), CONSTRAINT first_pk PRIMARY KEY (id));
                create index first_by_name on first_one (name);
                create table second_one (a number(1), b clob);
                """,
                        "alter table second_one add (c number(3)); alter table second_one rename column a to d; create table third (x number(1)); drop table third;"));

        assertThat(tables).isEqualTo(Map.of("first_one", Set.of("id", "name"), "second_one", Set.of("b", "c", "d")));
    }

    static final class JdbcPlanted {
        static final String FIND = """
                select id from run where id = :id
                """;
        static final String BROKEN = "select id from run limit 1";
        static final String GREETING = "select a friend";

        private JdbcPlanted() {}
    }

    static final class JdbcPostgresPlanted {
        static final String FIND = "select id from run limit 1";

        private JdbcPostgresPlanted() {}
    }
}
