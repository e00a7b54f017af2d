package io.syncline.consumer.csv;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** Opens a spooled file as text: gzip by its first bytes, UTF-8 with every fault an error. */
public final class Unpacked {

    private Unpacked() {}

    public static Reader open(Path path) throws IOException {
        var stored = new BufferedInputStream(Files.newInputStream(path), 64 * 1024);
        try {
            return reader(isGzip(stored) ? new GZIPInputStream(stored, 64 * 1024) : stored);
        } catch (IOException | RuntimeException e) {
            stored.close();
            throw e;
        }
    }

    private static boolean isGzip(InputStream stored) throws IOException {
        stored.mark(2);
        var gzip = stored.read() == 0x1f && stored.read() == 0x8b;
        stored.reset();
        return gzip;
    }

    private static Reader reader(InputStream bytes) {
        var decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        return new InputStreamReader(bytes, decoder);
    }
}
