package io.syncline.consumer.users;

import javax.sql.DataSource;

class UserViewPostgresIT extends UserViewContract {

    @Override
    DataSource dataSource() {
        return Databases.postgres();
    }
}
