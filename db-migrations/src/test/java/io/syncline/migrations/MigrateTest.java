package io.syncline.migrations;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MigrateTest {

    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void checkRefusesAnEmptySchemaAndAcceptsAMigratedOne() {
        var url = "jdbc:h2:file:" + folder.resolve("scheduler") + ";MODE=Oracle";

        assertThat(run("", Map.of(), "--service", "scheduler", "--url", url, "--check"))
                .isEqualTo(Migrate.WRONG_SCHEMA);
        assertThat(err()).contains("scheduler").contains("none");
        assertThat(run("", Map.of(), "--service=scheduler", "--url=" + url)).isEqualTo(Migrate.DONE);
        assertThat(run("", Map.of(), "--service", "scheduler", "--url", url, "--check"))
                .isEqualTo(Migrate.DONE);
    }

    @Test
    void everythingMayComeFromTheEnvironment() {
        var environment = Map.of(
                "SYNCLINE_MIGRATE_SERVICE", "scheduler",
                "SYNCLINE_MIGRATE_URL", "jdbc:h2:file:" + folder.resolve("secured") + ";MODE=Oracle",
                "SYNCLINE_MIGRATE_USER", "OWNER",
                "SYNCLINE_MIGRATE_PASSWORD", "only-for-this-test");

        assertThat(run("", environment)).isEqualTo(Migrate.DONE);

        assertThat(run("another\n", environment, "--password-stdin")).isEqualTo(Migrate.DATABASE_REFUSED);
        assertThat(run("only-for-this-test\n", environment, "--password-stdin")).isEqualTo(Migrate.DONE);
        assertThat(err() + out).doesNotContain("only-for-this-test");
    }

    @Test
    void whatIsNotUnderstoodIsSaid() {
        assertThat(run("", Map.of(), "--servcie", "scheduler")).isEqualTo(Migrate.WRONG_ARGUMENTS);
        assertThat(err()).contains("--servcie");
        assertThat(run("", Map.of(), "--service", "scheduler")).isEqualTo(Migrate.WRONG_ARGUMENTS);
        assertThat(err()).contains("--url");
        assertThat(run("", Map.of(), "--service", "nobody", "--url", "jdbc:h2:mem:nobody"))
                .isEqualTo(Migrate.WRONG_ARGUMENTS);
        assertThat(err()).contains("nobody");
    }

    @Test
    void aDatabaseThatIsNotThereIsSaid() {
        assertThat(run("", Map.of(), "--service", "scheduler", "--url", "jdbc:postgresql://127.0.0.1:1/none"))
                .isEqualTo(Migrate.DATABASE_REFUSED);
        assertThat(err()).contains("127.0.0.1:1");
    }

    private int run(String input, Map<String, String> environment, String... args) {
        return Migrate.run(
                args,
                environment,
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
