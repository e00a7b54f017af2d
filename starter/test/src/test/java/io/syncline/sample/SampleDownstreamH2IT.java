package io.syncline.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;

class SampleDownstreamH2IT extends SampleDownstreamContract {

    private final String url = "jdbc:h2:mem:" + UUID.randomUUID() + ";MODE=Oracle;DB_CLOSE_DELAY=-1";

    @Override
    Map<String, String> databaseProperties() {
        return Map.of("spring.datasource.url", url, "spring.datasource.username", "sa");
    }

    @Override
    DataSource database() {
        var database = new JdbcDataSource();
        database.setURL(url);
        database.setUser("sa");
        return database;
    }

    @Test
    void theSampleTakesAtMostFortyLines() throws IOException {
        var source = Path.of("src/test/java/io/syncline/sample/SampleDownstream.java");

        assertThat(Files.readAllLines(source)).hasSizeLessThanOrEqualTo(40);
    }
}
