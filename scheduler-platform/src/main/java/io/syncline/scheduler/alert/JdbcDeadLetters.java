package io.syncline.scheduler.alert;

import io.syncline.scheduler.store.JdbcTimes;
import java.time.Instant;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** What the outbox has given up; of alerts by channel, of everything else by kind. */
@Repository
class JdbcDeadLetters {

    private static final String SINCE = """
            select d.queue_name, count(*) as letters, max(d.ended_at) as last_at
            from (select case when kind = 'alert' then 'alert over ' || target else kind end as queue_name, ended_at
                  from outbox_message where state = 'DEAD' and ended_at > :after) d
            group by d.queue_name
            order by d.queue_name
            """;

    private final JdbcClient jdbc;

    JdbcDeadLetters(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    record Queue(String queue, int count, Instant last) {}

    List<Queue> since(Instant time) {
        return jdbc.sql(SINCE)
                .param("after", JdbcTimes.toJdbc(time))
                .query((row, number) -> new Queue(
                        row.getString("queue_name"), row.getInt("letters"), JdbcTimes.instant(row, "last_at")))
                .list();
    }
}
