package io.syncline.scheduler.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.scheduler.testing.TestDatabase;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The looks of each second stay small, however much is kept. */
class ChangesPlanPostgresIT {

    @Test
    void everySourceIsReadByAnIndexOnTime() {
        var jdbc = TestDatabase.postgres().jdbc();
        jdbc.sql("""
                        insert into journal (journal_id, run_id, to_state, cause, node_id, moved_at)
                        select '0193' || lpad(n::text, 32, '0'), 'r' || n, 'RUNNING', 'START', 'a', now() + n * interval '1 second'
                        from generate_series(1, 50000) n
                        """).update();
        jdbc.sql("""
                        insert into incident (incident_id, state, gathered_by, condition_name, cause, label_list, routes,
                               member_count, standing_count, group_count, opened_at, last_signal_at)
                        values ('i', 'OPEN', 'i', 'REFUSED', 'cause', '[]', '[]', 1, 1, 1, now(), now())
                        """).update();
        jdbc.sql("""
                        insert into incident_event (event_id, incident_id, kind, happened_at)
                        select '0193' || lpad(n::text, 32, '0'), 'i', 'TOLD', now() + n * interval '1 second'
                        from generate_series(1, 50000) n
                        """).update();
        jdbc.sql("""
                        insert into trigger_message (trigger_id, source, message_id, event_type, status, content_hash,
                               event_body, client_id, transport, received_at)
                        select 't' || n, '/erp', 'm' || n, 'ready', 'ACCEPTED', 'hash', '{}', 'erp', 'REST',
                               now() + n * interval '1 second'
                        from generate_series(1, 50000) n
                        """).update();
        jdbc.sql("""
                        insert into audit_entry (audit_id, recorded_at, actor, action, object_kind, object_key)
                        select 'a' || n, now() + n * interval '1 second', 'me', 'put', 'group', 'g'
                        from generate_series(1, 50000) n
                        """).update();
        jdbc.sql("analyze").update();

        for (var source :
                List.of(JdbcChanges.MOVES, JdbcChanges.INCIDENT_EVENTS, JdbcChanges.MESSAGES, JdbcChanges.ACTIONS)) {
            var plan = String.join(
                    "\n",
                    jdbc.sql("explain "
                                    + source.replace(":bound", "'019300000000000000000000000000049900'")
                                            .replace(":from", "now() + interval '49900 seconds'")
                                            .replace(":most", "20000"))
                            .query(String.class)
                            .list());
            assertThat(plan).as(source).contains("Index").doesNotContain("Seq Scan");
        }
    }
}
