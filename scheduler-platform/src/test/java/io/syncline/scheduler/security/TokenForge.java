package io.syncline.scheduler.security;

import io.jsonwebtoken.Jwts;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.RSAKey;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Makes tokens part by part, good and bad ones. */
final class TokenForge {

    private static final JsonMapper JSON = new JsonMapper();

    final Map<String, Object> header = new LinkedHashMap<>();
    final Map<String, Object> payload = new LinkedHashMap<>();
    private final PrivateKey key;

    TokenForge(PlatformKeys.Signer signer, String issuer, Instant now) {
        key = signer.key();
        header.put("typ", "at+jwt");
        header.put("alg", "ES256");
        header.put("kid", signer.kid());
        payload.put("iss", issuer);
        payload.put("sub", "robot");
        payload.put("aud", "syncline");
        payload.put("client_id", "robot");
        payload.put("scope", "runs:read");
        payload.put("jti", "1");
        payload.put("iat", now.getEpochSecond());
        payload.put("exp", now.getEpochSecond() + 300);
    }

    TokenForge header(String name, @Nullable Object value) {
        if (value == null) {
            header.remove(name);
        } else {
            header.put(name, value);
        }
        return this;
    }

    TokenForge claim(String name, @Nullable Object value) {
        if (value == null) {
            payload.remove(name);
        } else {
            payload.put(name, value);
        }
        return this;
    }

    String signed() {
        return signed(JSON.writeValueAsString(header), JSON.writeValueAsString(payload));
    }

    String signed(String headerJson, String payloadJson) {
        var content = encode(headerJson) + "." + encode(payloadJson);
        return content + "." + encode(signature(content));
    }

    String unsigned() {
        return encode(JSON.writeValueAsString(header)) + "." + encode(JSON.writeValueAsString(payload)) + ".";
    }

    String headerJson() {
        return JSON.writeValueAsString(header);
    }

    String payloadJson() {
        return JSON.writeValueAsString(payload);
    }

    String content() {
        return encode(headerJson()) + "." + encode(payloadJson());
    }

    byte[] signature(String content) {
        try {
            var signer =
                    Signature.getInstance(key instanceof RSAKey ? "SHA256withRSA" : "SHA256withECDSAinP1363Format");
            signer.initSign(key);
            signer.update(content.getBytes(StandardCharsets.US_ASCII));
            return signer.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static String encode(String text) {
        return encode(text.getBytes(StandardCharsets.UTF_8));
    }

    static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    static PlatformKeys.Signer stranger(String kid) {
        return signer(kid, Jwts.SIG.ES256.keyPair().build().getPrivate());
    }

    static PlatformKeys.Signer signer(String kid, PrivateKey key) {
        return new PlatformKeys.Signer(kid, SigningAlgorithm.ES256, key);
    }
}
