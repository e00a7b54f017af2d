package io.syncline.consumer.users;

import javax.sql.DataSource;

class RebuildPostgresIT extends RebuildContract {

    @Override
    DataSource dataSource() {
        return Databases.postgres();
    }
}
