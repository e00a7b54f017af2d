package io.syncline.consumer.enrichment;

import io.syncline.contracts.ExtractManifest.ExtractFile;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads which files a trigger message names: {@code {"files": [{"name", "rows", "bytes", "sha256"}]}}, each as an extract's
 * manifest names its files.
 */
final class NamedFiles {

    private static final int MOST_FILES = 1_000;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,254}");
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    private final JsonMapper json;

    NamedFiles(JsonMapper json) {
        this.json = json.rebuild()
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .build();
    }

    private record Named(@Nullable List<@Nullable File> files) {}

    private record File(
            @Nullable String name,
            @Nullable Long rows,
            @Nullable Long bytes,
            @Nullable String sha256) {}

    /** @param data of the trigger message, as the upstream sent it */
    List<ExtractFile> read(@Nullable Object data) throws BadInputException {
        Named named;
        try {
            named = data == null ? new Named(null) : json.convertValue(data, Named.class);
        } catch (JacksonException | IllegalArgumentException e) {
            throw refused("the trigger's data does not name files with name, rows, bytes and sha256");
        }
        if (named.files() == null || named.files().isEmpty() || named.files().size() > MOST_FILES) {
            throw refused("the trigger's data names 1 to %d files under files, this one %s"
                    .formatted(
                            MOST_FILES,
                            named.files() == null ? "none" : named.files().size()));
        }
        var files = new ArrayList<ExtractFile>();
        var names = new HashSet<String>();
        for (int i = 0; i < named.files().size(); i++) {
            var file = named.files().get(i);
            var place = "files[" + i + "] of the trigger's data ";
            if (file == null
                    || file.name() == null
                    || !NAME.matcher(file.name()).matches()) {
                throw refused(place + "has no plain file name");
            }
            if (!names.add(file.name())) {
                throw refused(place + "is named twice: " + file.name());
            }
            if (file.rows() == null
                    || file.rows() < 0
                    || file.bytes() == null
                    || file.bytes() < 0
                    || file.sha256() == null
                    || !SHA256.matcher(file.sha256()).matches()) {
                throw refused(place + "has no true rows, bytes and sha256");
            }
            files.add(new ExtractFile(file.name(), file.rows(), file.bytes(), file.sha256()));
        }
        return files;
    }

    private static BadInputException refused(String message) {
        return new BadInputException(message, false, List.of());
    }
}
