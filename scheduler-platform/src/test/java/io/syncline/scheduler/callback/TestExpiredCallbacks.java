package io.syncline.scheduler.callback;

import io.syncline.scheduler.security.Expiring;
import io.syncline.scheduler.store.DatabaseClock;
import io.syncline.scheduler.store.RetentionProperties;
import io.syncline.scheduler.testing.TestDatabase;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;

/** The purge of this room's table, for tests of all of them. */
public final class TestExpiredCallbacks {

    private TestExpiredCallbacks() {}

    public static Expiring on(TestDatabase database, DatabaseClock clock, RetentionProperties retention) {
        return new ExpiredCallbacks(
                new NamedParameterJdbcTemplate(database.dataSource()), clock, retention, database.transactions());
    }
}
