package io.syncline.provider.imports;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Bounds of an import.
 *
 * @param maxBytes most bytes of a body, after decompression
 * @param maxRecordChars most characters of one record; a quote that is never closed ends here
 * @param maxErrors after so many errors a file is not looked at any further
 * @param batchRows rows compared and written at a time
 * @param atOnce imports that are received or written at the same moment on this instance; more are answered 503
 */
@ConfigurationProperties("syncline.provider.imports")
record ImportProperties(
        @DefaultValue("256MB") DataSize maxBytes,
        @DefaultValue("1000000") int maxRecordChars,
        @DefaultValue("100") int maxErrors,
        @DefaultValue("500") int batchRows,
        @DefaultValue("4") int atOnce) {

    ImportProperties {
        if (maxBytes.toBytes() < 1 || maxRecordChars < 1 || maxErrors < 1 || atOnce < 1) {
            throw new IllegalArgumentException("the bounds under syncline.provider.imports are all above zero");
        }
        if (batchRows < 1 || batchRows > 1000) {
            // Oracle takes at most 1000 members of an IN list.
            throw new IllegalArgumentException("syncline.provider.imports.batch-rows is 1 to 1000: " + batchRows);
        }
    }
}
