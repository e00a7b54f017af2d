package io.syncline.consumer.users;

import javax.sql.DataSource;

class ViewCheckPostgresIT extends ViewCheckContract {

    @Override
    DataSource dataSource() {
        return Databases.postgres();
    }
}
