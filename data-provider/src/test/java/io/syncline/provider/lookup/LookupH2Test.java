package io.syncline.provider.lookup;

import java.util.UUID;

class LookupH2Test extends LookupContract {

    @Override
    Database database() {
        return new Database("jdbc:h2:mem:" + UUID.randomUUID() + ";MODE=Oracle;DB_CLOSE_DELAY=-1", "sa", "");
    }

    @Override
    boolean rowsComeByCursor() {
        return false;
    }

    @Override
    String temporaryTables() {
        return "select count(*) from information_schema.tables where lower(table_name) = 'asked_key'";
    }
}
