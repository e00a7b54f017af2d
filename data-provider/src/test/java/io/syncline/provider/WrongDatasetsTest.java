package io.syncline.provider;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.syncline.provider.testing.FakePlatform;
import io.syncline.provider.testing.RunningProvider;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WrongDatasetsTest {

    @TempDir
    Path home;

    @Test
    void aConfigurationThatDoesNotFitTheDatabaseRefusesTheStartWithAllItsFaults() throws IOException {
        var settings = new HashMap<String, String>();
        settings.put("spring.datasource.url", "jdbc:h2:mem:" + UUID.randomUUID() + ";MODE=Oracle;DB_CLOSE_DELAY=-1");
        dataset(settings, 0, "countries", "countries", "id,code", "iso");
        dataset(settings, 1, "regions", "regions; drop table regions", "id", "id");
        dataset(settings, 2, "Runways", "runways", "id,no_such_column", "id");
        dataset(settings, 3, "nothing", "no_such_table", "id", "id");

        try (var platform = new FakePlatform()) {
            assertThatThrownBy(() -> new RunningProvider(platform, home, settings).close())
                    .rootCause()
                    .hasMessageContaining("'countries': the key's column 'iso' is not among its columns")
                    .hasMessageContaining("is no table name")
                    .hasMessageContaining("a name is a lower-case DNS label")
                    .hasMessageContaining("no column 'no_such_column'")
                    .hasMessageContaining("there is no table 'no_such_table'");
        }
    }

    private static void dataset(
            HashMap<String, String> settings, int index, String name, String table, String columns, String key) {
        var prefix = "syncline.provider.datasets[" + index + "].";
        settings.put(prefix + "name", name);
        settings.put(prefix + "table", table);
        settings.put(prefix + "columns", columns);
        settings.put(prefix + "key", key);
    }
}
