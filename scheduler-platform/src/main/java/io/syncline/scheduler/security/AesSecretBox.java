package io.syncline.scheduler.security;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import org.springframework.stereotype.Component;

/** Stored form: {@code sb1.<wrapping key>.<wrapped data key>.<content>}, all but the first two in base64url. */
@Component
final class AesSecretBox implements SecretBox {

    private static final String VERSION = "sb1";
    private static final int PARTS = 4;

    private final KeyWrapper wrapper;

    AesSecretBox(KeyWrapper wrapper) {
        this.wrapper = wrapper;
    }

    @Override
    public String seal(String secret, Cell cell) {
        var bound = bound(cell);
        var dataKey = AesGcm.newKey();
        var keyId = wrapper.currentKeyId();
        var encoder = Base64.getUrlEncoder().withoutPadding();
        return String.join(
                ".",
                VERSION,
                keyId,
                encoder.encodeToString(wrapper.wrap(dataKey, bound)),
                encoder.encodeToString(AesGcm.encrypt(dataKey, secret.getBytes(StandardCharsets.UTF_8), bound)));
    }

    @Override
    public String open(String sealed, Cell cell) {
        var parts = sealed.split("\\.", -1);
        if (!isSealed(sealed)) {
            throw new UnreadableSecretException(cell, "it is not encrypted");
        }
        if (!wrapper.knows(parts[1])) {
            throw new UnreadableSecretException(
                    cell, "it was written under the wrapping key " + parts[1] + ", which is not among those given");
        }
        var bound = bound(cell);
        try {
            var dataKey = wrapper.unwrap(parts[1], bytes(parts[2]), bound);
            return new String(AesGcm.decrypt(dataKey, bytes(parts[3]), bound), StandardCharsets.UTF_8);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new UnreadableSecretException(cell, "it was changed, or written for another cell");
        }
    }

    /** One spelling only, without bits left over at the end. */
    private static byte[] bytes(String part) {
        var bytes = Base64.getUrlDecoder().decode(part);
        if (!Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(part)) {
            throw new IllegalArgumentException("another spelling than ours");
        }
        return bytes;
    }

    @Override
    public boolean isSealed(String stored) {
        return stored.startsWith(VERSION + ".") && stored.split("\\.", -1).length == PARTS;
    }

    @Override
    public boolean isOutdated(String sealed) {
        return isSealed(sealed) && !sealed.split("\\.", -1)[1].equals(wrapper.currentKeyId());
    }

    /** Cells cannot be confused: no name holds the separator. */
    private static byte[] bound(Cell cell) {
        var text = String.join("\n", VERSION, cell.table(), cell.row(), cell.column());
        if (text.chars().filter(c -> c == '\n').count() != PARTS - 1) {
            throw new IllegalArgumentException("a cell's names hold no line break: " + cell);
        }
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
