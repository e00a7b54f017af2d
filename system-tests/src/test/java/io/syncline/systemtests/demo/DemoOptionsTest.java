package io.syncline.systemtests.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class DemoOptionsTest {

    @Test
    void withoutWordsItStaysUpOnEmbeddedDefaults() {
        var options = DemoOptions.parse(List.of());

        assertThat(options.once()).isFalse();
        assertThat(options.basePort()).isEqualTo(8080);
        assertThat(options.databaseUrl()).isNull();
        assertThat(options.data()).isNull();
    }

    @Test
    void everyOptionThatItTakesIsInItsHelp() {
        for (var option : List.of(
                "--once", "--data", "--database", "--database-user", "--database-password", "--port", "--home")) {
            assertThat(DemoOptions.HELP).contains(option);
        }
    }

    @Test
    void aMistypedOptionOrNumberIsRefusedByName() {
        assertThatThrownBy(() -> DemoOptions.parse(List.of("--onec"))).hasMessageContaining("--onec");
        assertThatThrownBy(() -> DemoOptions.parse(List.of("--port", "99999"))).hasMessageContaining("99999");
        assertThatThrownBy(() -> DemoOptions.parse(List.of("--port"))).hasMessageContaining("needs a value");
        assertThatThrownBy(() -> DemoOptions.parse(List.of("--database", "jdbc:mysql://x")))
                .hasMessageContaining("jdbc:postgresql");
    }
}
