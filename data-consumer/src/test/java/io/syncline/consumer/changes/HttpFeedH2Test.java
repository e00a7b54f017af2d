package io.syncline.consumer.changes;

import io.syncline.consumer.users.Databases;
import javax.sql.DataSource;

class HttpFeedH2Test extends HttpFeedContract {

    @Override
    DataSource dataSource() {
        return Databases.h2();
    }
}
