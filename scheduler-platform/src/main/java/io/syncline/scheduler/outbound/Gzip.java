package io.syncline.scheduler.outbound;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** Unpacks answers that were compressed although nobody asked for it. */
final class Gzip {

    private Gzip() {}

    /** The plain bytes; null when they are more than {@code most} or the packing is broken. */
    static byte @Nullable [] unpack(byte[] packed, int most) {
        if (packed.length == 0) {
            return packed;
        }
        try (var in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
            byte[] plain = in.readNBytes(most + 1);
            return plain.length <= most ? plain : null;
        } catch (IOException e) {
            return null;
        }
    }
}
