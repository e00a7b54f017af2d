package io.syncline.scheduler.security;

import java.util.Base64;
import java.util.List;

/** Boxes for tests. */
public final class SecretBoxes {

    private SecretBoxes() {}

    public static SecretBox withNewKey() {
        return withKeys(newKey());
    }

    /** The first wraps, the others open. */
    public static SecretBox withKeys(String... keys) {
        return new AesSecretBox(new LocalKeyWrapper(new WrappingKeyProperties(String.join(",", List.of(keys)), null)));
    }

    public static String newKey() {
        return Base64.getEncoder().encodeToString(AesGcm.newKey());
    }
}
