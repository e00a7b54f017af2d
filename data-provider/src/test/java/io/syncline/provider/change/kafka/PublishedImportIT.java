package io.syncline.provider.change.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.provider.testing.FakePlatform;
import io.syncline.provider.testing.RunningProvider;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole service with brokers configured. */
class PublishedImportIT {

    @Test
    void whatAnImportChangesIsOnTheTopicAsItIsInTheFeed(@TempDir Path home) throws IOException {
        var settings = Map.of(
                "syncline.provider.datasets[0].name", "countries",
                "syncline.provider.datasets[0].table", "countries",
                "syncline.provider.datasets[0].columns", "id,code,name,continent,wikipedia_link,keywords",
                "syncline.provider.datasets[0].key", "id",
                "syncline.provider.datasets[0].changes", "true");
        try (var broker = new TestBroker();
                var platform = new FakePlatform();
                var provider = new RunningProvider(platform, home, with(settings, broker))) {
            var answer = provider.load(
                    "countries", "id,code,name,continent,wikipedia_link,keywords\n1,AD,Andorra la Vella é,EU,,\n");
            assertThat(answer.status()).as(answer.text()).isEqualTo(201);

            var records = broker.records("syncline.changes.countries", 1);

            assertThat(records).hasSize(1);
            assertThat(new String(records.get(0).key(), StandardCharsets.UTF_8)).isEqualTo("1");
            var feed = provider.get("/datasets/countries/changes").text();
            assertThat(feed).contains("[" + new String(records.get(0).value(), StandardCharsets.UTF_8) + "]");
        }
    }

    private static Map<String, String> with(Map<String, String> settings, TestBroker broker) {
        var all = new HashMap<>(settings);
        all.put("syncline.provider.kafka.bootstrap-servers", broker.servers());
        all.put("syncline.database.migrate", "true");
        return all;
    }
}
