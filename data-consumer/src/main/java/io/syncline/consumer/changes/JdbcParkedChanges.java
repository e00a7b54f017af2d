package io.syncline.consumer.changes;

import static io.syncline.consumer.store.JdbcTimes.toJdbc;

import java.time.Instant;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Changes that cannot be applied, kept with the reason. Every method runs in its caller's transaction. */
class JdbcParkedChanges {

    private static final int LONGEST_REASON = 2000;
    private static final int LONGEST_PAYLOAD = 100_000;

    private static final String KNOWN = """
            select count(*) from parked_change
            where dataset = :dataset and feed = :feed and feed_position = :position""";

    private static final String PARK = """
            insert into parked_change (dataset, feed, feed_position, reason, payload, parked_at)
            values (:dataset, :feed, :position, :reason, :payload, :now)""";

    private final JdbcClient jdbc;

    JdbcParkedChanges(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** @param position of the change in its feed; a change that comes again is parked once */
    record Parked(String position, String reason, String payload) {}

    void park(String dataset, String feed, Parked change, Instant now) {
        int known = jdbc.sql(KNOWN)
                .param("dataset", dataset)
                .param("feed", feed)
                .param("position", change.position())
                .query(Integer.class)
                .single();
        if (known == 0) {
            jdbc.sql(PARK)
                    .param("dataset", dataset)
                    .param("feed", feed)
                    .param("position", change.position())
                    .param("reason", cut(change.reason(), LONGEST_REASON))
                    .param("payload", cut(change.payload(), LONGEST_PAYLOAD))
                    .param("now", toJdbc(now))
                    .update();
        }
    }

    /** PostgreSQL stores no character of code 0. */
    private static String cut(String text, int longest) {
        var clean = text.replace('\0', '?');
        return clean.length() <= longest ? clean : clean.substring(0, longest);
    }
}
