package io.syncline.consumer.enrichment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.syncline.contracts.ExtractManifest.ExtractFile;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class NamedFilesTest {

    private static final ExtractFile FILE = new ExtractFile("calls.csv.gz", 3, 100, "a".repeat(64));

    private final NamedFiles named = new NamedFiles(JsonMapper.builder().build());

    @Test
    void filesAreNamedAsInAManifest() throws BadInputException {
        var data = new HashMap<>(CallFiles.data(FILE));
        data.put("date", "2026-11-20");

        assertThat(named.read(data)).containsExactly(FILE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../calls.csv",
                "/etc/passwd",
                "a/b.csv",
                "..",
                ".hidden",
                "a\\b.csv",
                "a\nb",
                "",
                "C:calls.csv",
                "%2e%2e"
            })
    void whatIsNoPlainNameIsRefused(String name) {
        var data = CallFiles.data(new ExtractFile(name, 1, 1, "a".repeat(64)));

        assertThatThrownBy(() -> named.read(data))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("has no plain file name");
    }

    @Test
    void dataThatNamesNoFilesOrNoTrueNumbersIsRefused() {
        assertRefused(null, "names 1 to 1000 files");
        assertRefused(Map.of(), "names 1 to 1000 files");
        assertRefused(Map.of("files", List.of()), "names 1 to 1000 files");
        assertRefused("text", "does not name files");
        assertRefused(Map.of("files", "calls.csv"), "does not name files");
        assertRefused(CallFiles.data(FILE, FILE), "files[1] of the trigger's data is named twice");
        for (var member : List.of("rows", "bytes", "sha256")) {
            var file = CallFiles.named(FILE);
            file.remove(member);
            assertRefused(Map.of("files", List.of(file)), "has no true rows, bytes and sha256");
        }
        assertRefused(
                CallFiles.data(new ExtractFile("a", -1, 1, "a".repeat(64))), "has no true rows, bytes and sha256");
        assertRefused(CallFiles.data(new ExtractFile("a", 1, 1, "A".repeat(64))), "has no true rows");
    }

    private void assertRefused(Object data, String message) {
        assertThatThrownBy(() -> named.read(data))
                .isInstanceOfSatisfying(
                        BadInputException.class,
                        refused -> assertThat(refused.retryable()).isFalse())
                .hasMessageContaining(message);
    }
}
