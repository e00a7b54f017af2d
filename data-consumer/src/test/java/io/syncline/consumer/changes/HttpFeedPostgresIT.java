package io.syncline.consumer.changes;

import io.syncline.consumer.users.Databases;
import javax.sql.DataSource;

class HttpFeedPostgresIT extends HttpFeedContract {

    @Override
    DataSource dataSource() {
        return Databases.postgres();
    }
}
