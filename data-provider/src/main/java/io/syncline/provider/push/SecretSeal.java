package io.syncline.provider.push;

import io.syncline.provider.HomeProperties;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.stereotype.Component;

/**
 * Seals the secrets of subscriptions with AES-256-GCM, bound to their subscription. The keys are in the configuration or, by
 * themselves, in a file that only this service's user may read: who has the database alone cannot sign. The newest key
 * seals; those behind it still open what they sealed, the file's behind the configured ones.
 */
@Component
class SecretSeal {

    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final SecureRandom random = new SecureRandom();
    private final List<byte[]> configured;
    private final Path file;
    private volatile List<byte[]> keys = List.of();

    SecretSeal(PushProperties properties, HomeProperties home) {
        this.file = home.directory("push.key");
        this.configured =
                properties.key() == null ? List.of() : decoded(properties.key(), "syncline.provider.push.key");
    }

    String seal(String secret, String subscriptionId) {
        var nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            var cipher = cipher(Cipher.ENCRYPT_MODE, keys().get(0), nonce, subscriptionId);
            var sealed = cipher.doFinal(secret.getBytes(StandardCharsets.UTF_8));
            var all = Arrays.copyOf(nonce, NONCE_BYTES + sealed.length);
            System.arraycopy(sealed, 0, all, NONCE_BYTES, sealed.length);
            return Base64.getEncoder().encodeToString(all);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a secret could not be sealed", e);
        }
    }

    /** @throws IllegalStateException when it was sealed with a key that is not here, or for another subscription */
    String open(String sealed, String subscriptionId) {
        return keys().stream()
                .flatMap(key -> opened(sealed, key, subscriptionId).stream())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "the secret of the subscription cannot be opened: it was sealed with a key that is not here"));
    }

    /** Whether the newest key opens it. */
    boolean isCurrent(String sealed, String subscriptionId) {
        return opened(sealed, keys().get(0), subscriptionId).isPresent();
    }

    private static Optional<String> opened(String sealed, byte[] key, String subscriptionId) {
        var all = Base64.getDecoder().decode(sealed);
        try {
            var cipher = cipher(Cipher.DECRYPT_MODE, key, Arrays.copyOf(all, NONCE_BYTES), subscriptionId);
            return Optional.of(
                    new String(cipher.doFinal(all, NONCE_BYTES, all.length - NONCE_BYTES), StandardCharsets.UTF_8));
        } catch (AEADBadTagException anotherKey) {
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a secret could not be opened", e);
        }
    }

    private static Cipher cipher(int mode, byte[] key, byte[] nonce, String subscriptionId)
            throws GeneralSecurityException {
        var cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(subscriptionId.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    /** The file is made at the first need, so that a service without subscriptions has none. */
    private synchronized List<byte[]> keys() {
        if (keys.isEmpty()) {
            var all = new ArrayList<>(configured);
            if (configured.isEmpty() || Files.exists(file)) {
                all.addAll(fromFile());
            }
            keys = List.copyOf(all);
        }
        return keys;
    }

    private List<byte[]> fromFile() {
        try {
            if (!Files.exists(file)) {
                make();
            }
            var read = decoded(Files.readString(file), file.toString());
            if (read.isEmpty()) {
                throw new IllegalStateException(file + " has no key");
            }
            return read;
        } catch (IOException e) {
            throw new UncheckedIOException("the key of the subscriptions' secrets cannot be read: " + file, e);
        }
    }

    /** Complete before it has its name: another instance of the same folder reads all of it, or makes none. */
    private void make() throws IOException {
        Files.createDirectories(file.getParent());
        var bytes = new byte[KEY_BYTES];
        random.nextBytes(bytes);
        boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
        var draft = posix
                ? Files.createTempFile(
                        file.getParent(),
                        "push",
                        ".draft",
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))
                : Files.createTempFile(file.getParent(), "push", ".draft");
        try {
            Files.writeString(draft, Base64.getEncoder().encodeToString(bytes));
            Files.createLink(file, draft);
        } catch (FileAlreadyExistsException another) {
            // Another instance was quicker: its key counts.
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    /** @param text keys, the newest first, apart by blanks, commas or line ends */
    private static List<byte[]> decoded(String text, String where) {
        return Arrays.stream(text.split("[,\\s]+"))
                .filter(key -> !key.isEmpty())
                .map(key -> one(key, where))
                .toList();
    }

    private static byte[] one(String text, String where) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            // The text is a secret, so it is not shown.
            throw new IllegalArgumentException(where + " is no base64");
        }
        if (bytes.length != KEY_BYTES) {
            throw new IllegalArgumentException(where + " has 32 bytes as base64, not " + bytes.length);
        }
        return bytes;
    }
}
