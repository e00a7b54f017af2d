package io.syncline.scheduler.security;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The wrapping key from a file or the environment. A missing, short or well-known one stops the start. */
final class LocalKeyWrapper implements KeyWrapper {

    private static final String HOW =
            "Make one with: openssl rand -base64 32 > wrapping.key && chmod 600 wrapping.key; set"
                    + " SYNCLINE_WRAPPING_KEY_FILE to that file (or SYNCLINE_WRAPPING_KEY to its content) on every node alike, and"
                    + " keep a copy apart from the database's backups: without it no stored secret can be read.";
    private static final int FEWEST_DIFFERENT_BYTES = 12;

    /** SHA-256 of keys that stand in manuals; nobody's key is theirs. */
    private static final Set<String> KNOWN_SAMPLES = Set.of(
            sha256("0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII)),
            sha256("abcdefghijklmnopqrstuvwxyz012345".getBytes(StandardCharsets.US_ASCII)),
            sha256("this-is-a-sample-wrapping-key-00".getBytes(StandardCharsets.US_ASCII)),
            sha256(counted(0)),
            sha256(counted(1)));

    private final Map<String, byte[]> keys = new LinkedHashMap<>();
    private final String currentKeyId;
    private final byte[] currentKey;

    LocalKeyWrapper(WrappingKeyProperties properties) {
        for (var text : texts(properties)) {
            var key = key(text);
            if (keys.putIfAbsent(keyId(key), key) != null) {
                throw new RefusedStartException("The same wrapping key is given twice.", "Remove one of the two.");
            }
        }
        var current = keys.entrySet().stream().findFirst();
        if (current.isEmpty()) {
            throw new RefusedStartException(
                    "No wrapping key is set, so the platform could not keep secrets encrypted.", HOW);
        }
        currentKeyId = current.get().getKey();
        currentKey = current.get().getValue();
    }

    private static List<String> texts(WrappingKeyProperties properties) {
        var file = properties.wrappingKeyFile();
        var text = properties.wrappingKey();
        if (file != null && text != null) {
            throw new RefusedStartException(
                    "Both SYNCLINE_WRAPPING_KEY and SYNCLINE_WRAPPING_KEY_FILE are set.", "Set one of the two.");
        }
        if (file != null) {
            try {
                text = Files.readString(file);
            } catch (IOException e) {
                throw new RefusedStartException(
                        "The file of SYNCLINE_WRAPPING_KEY_FILE cannot be read: " + file + ".",
                        "Give the platform's user the right to read it, or name another file. " + HOW);
            }
        }
        return text == null
                ? List.of()
                : Arrays.stream(text.split("[,\\s]+"))
                        .filter(line -> !line.isEmpty())
                        .toList();
    }

    private static byte[] key(String text) {
        byte[] key;
        try {
            key = Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new RefusedStartException("The wrapping key is not base64.", HOW);
        }
        if (key.length != AesGcm.KEY_BYTES) {
            throw new RefusedStartException(
                    "The wrapping key has " + key.length + " bytes; it has exactly " + AesGcm.KEY_BYTES + ".", HOW);
        }
        if (differentBytes(key) < FEWEST_DIFFERENT_BYTES || KNOWN_SAMPLES.contains(sha256(key))) {
            throw new RefusedStartException("The wrapping key is a known sample.", HOW);
        }
        return key;
    }

    private static int differentBytes(byte[] key) {
        var seen = new boolean[256];
        var count = 0;
        for (var one : key) {
            if (!seen[one & 255]) {
                seen[one & 255] = true;
                count++;
            }
        }
        return count;
    }

    private static byte[] counted(int from) {
        var key = new byte[AesGcm.KEY_BYTES];
        for (var i = 0; i < key.length; i++) {
            key[i] = (byte) (from + i);
        }
        return key;
    }

    /** Tells keys apart and says nothing else about them. */
    private static String keyId(byte[] key) {
        return sha256(("syncline wrapping key " + sha256(key)).getBytes(StandardCharsets.US_ASCII))
                .substring(0, 12);
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether a text that serves another purpose is one of these keys. */
    boolean isOneOf(String text) {
        try {
            return keys.containsKey(keyId(Base64.getDecoder().decode(text.strip())));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    @Override
    public String currentKeyId() {
        return currentKeyId;
    }

    @Override
    public boolean knows(String keyId) {
        return keys.containsKey(keyId);
    }

    @Override
    public byte[] wrap(byte[] dataKey, byte[] context) {
        return AesGcm.encrypt(currentKey, dataKey, context);
    }

    @Override
    public byte[] unwrap(String keyId, byte[] wrapped, byte[] context) throws GeneralSecurityException {
        var key = keys.get(keyId);
        if (key == null) {
            throw new GeneralSecurityException("unknown wrapping key");
        }
        return AesGcm.decrypt(key, wrapped, context);
    }
}
