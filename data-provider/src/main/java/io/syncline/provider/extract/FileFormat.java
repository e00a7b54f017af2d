package io.syncline.provider.extract;

import java.util.Optional;

/** The formats of an extract's files. */
enum FileFormat {
    CSV("csv"),
    NDJSON("ndjson");

    private final String suffix;

    FileFormat(String suffix) {
        this.suffix = suffix;
    }

    /** Such as {@code runways-0001.csv.gz}. */
    String fileName(String dataset, int number) {
        return "%s-%04d.%s.gz".formatted(dataset, number, suffix);
    }

    static Optional<FileFormat> of(String text) {
        for (var format : values()) {
            if (format.name().equals(text)) {
                return Optional.of(format);
            }
        }
        return Optional.empty();
    }
}
