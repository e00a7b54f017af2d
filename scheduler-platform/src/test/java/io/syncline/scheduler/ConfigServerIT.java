package io.syncline.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.configserver.ConfigServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

class ConfigServerIT {

    @TempDir
    private Path folder;

    @Test
    void settingsComeFromAConfigServer() throws IOException {
        Files.writeString(folder.resolve("syncline-scheduler.yml"), """
                syncline:
                  public-url: https://named-by-the-config-server.example.com
                """);
        try (var server = ConfigServer.over(folder)) {
            var uri = "http://127.0.0.1:" + server.getEnvironment().getRequiredProperty("local.server.port");

            try (var platform = platform("--spring.cloud.config.enabled=true", "--spring.cloud.config.uri=" + uri)) {
                assertThat(platform.getEnvironment().getProperty("syncline.public-url"))
                        .isEqualTo("https://named-by-the-config-server.example.com");
            }
        }
    }

    @Test
    void aConfigServerThatIsNotThereIsDoneWithout() {
        try (var platform =
                platform("--spring.cloud.config.enabled=true", "--spring.cloud.config.uri=http://127.0.0.1:1")) {
            assertThat(platform.isRunning()).isTrue();
        }
    }

    private static ConfigurableApplicationContext platform(String... arguments) {
        var all = new ArrayList<>(List.of(arguments));
        all.add("--server.port=0");
        all.add("--spring.datasource.url=jdbc:h2:mem:configserver" + System.nanoTime()
                + ";MODE=Oracle;DB_CLOSE_DELAY=-1");
        return new SpringApplication(SchedulerPlatform.class).run(all.toArray(String[]::new));
    }
}
