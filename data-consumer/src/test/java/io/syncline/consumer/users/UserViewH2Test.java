package io.syncline.consumer.users;

import javax.sql.DataSource;

class UserViewH2Test extends UserViewContract {

    @Override
    DataSource dataSource() {
        return Databases.h2();
    }
}
