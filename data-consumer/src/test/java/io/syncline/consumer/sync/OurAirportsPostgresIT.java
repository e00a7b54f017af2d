package io.syncline.consumer.sync;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import javax.sql.DataSource;

class OurAirportsPostgresIT extends OurAirportsContract {

    @Override
    Database open() throws IOException {
        var postgres = EmbeddedPostgres.start();
        var config = new HikariConfig();
        config.setDataSource(postgres.getPostgresDatabase());
        config.setMaximumPoolSize(16);
        var pool = new HikariDataSource(config);
        return new Database() {
            @Override
            public DataSource pool() {
                return pool;
            }

            @Override
            public void close() throws IOException {
                pool.close();
                postgres.close();
            }
        };
    }
}
