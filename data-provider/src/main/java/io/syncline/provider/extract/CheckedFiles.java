package io.syncline.provider.extract;

import io.syncline.contracts.ExtractManifest.ExtractFile;
import io.syncline.provider.store.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Whether a file at rest is still what its manifest says. The bytes are read once; after that a file of the same size
 * and time is taken for unchanged.
 */
final class CheckedFiles {

    private static final int REMEMBERED = 10_000;

    private final Map<Path, Seen> seen = Collections.synchronizedMap(new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Path, Seen> eldest) {
            return size() > REMEMBERED;
        }
    });

    boolean isWhole(Path path, ExtractFile file) {
        try {
            var attributes = Files.readAttributes(path, BasicFileAttributes.class);
            if (!attributes.isRegularFile() || attributes.size() != file.bytes()) {
                return false;
            }
            var now = new Seen(attributes.size(), attributes.lastModifiedTime());
            if (now.equals(seen.get(path))) {
                return true;
            }
            if (!sha256(path).equals(file.sha256())) {
                return false;
            }
            seen.put(path, now);
            return true;
        } catch (IOException unreadable) {
            return false;
        }
    }

    private static String sha256(Path path) throws IOException {
        var digest = Sha256.digest();
        try (var in = Files.newInputStream(path)) {
            var buffer = new byte[64 * 1024];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
        }
        return Sha256.hexOf(digest);
    }

    private record Seen(long size, FileTime time) {}
}
