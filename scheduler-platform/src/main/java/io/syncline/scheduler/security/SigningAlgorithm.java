package io.syncline.scheduler.security;

import io.jsonwebtoken.Jwts;
import io.jsonwebtoken.security.Jwk;
import io.jsonwebtoken.security.Jwks;
import io.jsonwebtoken.security.SignatureAlgorithm;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The algorithms that the platform signs by, each with its kind of key: P-256, Ed25519, or RSA with 3072 bits. */
enum SigningAlgorithm {
    ES256(StrictJws.ES256, "EC", "SHA256withECDSA", new ECGenParameterSpec("secp256r1"), List.of("crv", "x", "y")),
    EDDSA(StrictJws.EDDSA, "Ed25519", "Ed25519", NamedParameterSpec.ED25519, List.of("crv", "x")),
    RS256(
            StrictJws.RS256,
            "RSA",
            "SHA256withRSA",
            new RSAKeyGenParameterSpec(SigningAlgorithm.RSA_BITS, RSAKeyGenParameterSpec.F4),
            List.of("n", "e"));

    private static final int RSA_BITS = 3072;
    private static final byte[] PROBE = "syncline".getBytes(StandardCharsets.US_ASCII);

    private final String text;
    private final String keyFactory;
    private final String signature;
    private final AlgorithmParameterSpec parameters;
    private final List<String> members;

    SigningAlgorithm(
            String text, String keyFactory, String signature, AlgorithmParameterSpec parameters, List<String> members) {
        this.text = text;
        this.keyFactory = keyFactory;
        this.signature = signature;
        this.parameters = parameters;
        this.members = members;
    }

    /** As it stands in tokens, key sets and the database. */
    String text() {
        return text;
    }

    static SigningAlgorithm of(String text) {
        return Arrays.stream(values())
                .filter(algorithm -> algorithm.text.equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no signing algorithm of ours: " + text));
    }

    SignatureAlgorithm signer() {
        return switch (this) {
            case ES256 -> Jwts.SIG.ES256;
            case EDDSA -> Jwts.SIG.EdDSA;
            case RS256 -> Jwts.SIG.RS256;
        };
    }

    KeyPair newPair() {
        try {
            var generator = KeyPairGenerator.getInstance(keyFactory);
            generator.initialize(parameters);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The two halves of a stored key; that they belong together was tried. */
    KeyPair pair(PlatformKey key) {
        try {
            var factory = KeyFactory.getInstance(keyFactory);
            var pair = new KeyPair(
                    factory.generatePublic(new X509EncodedKeySpec(key.publicBytes())),
                    factory.generatePrivate(new PKCS8EncodedKeySpec(key.privateBytes())));
            if (belongTogether(pair.getPrivate(), pair.getPublic())) {
                return pair;
            }
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            // Nothing of what is in the key goes on.
        }
        throw new IllegalStateException("the public and the private part of the key " + key.kid() + " are no pair");
    }

    private boolean belongTogether(PrivateKey privateKey, PublicKey publicKey) throws GeneralSecurityException {
        var probe = Signature.getInstance(signature);
        probe.initSign(privateKey);
        probe.update(PROBE);
        var signed = probe.sign();
        probe.initVerify(publicKey);
        probe.update(PROBE);
        return probe.verify(signed);
    }

    /** RFC 7638. */
    String thumbprint(PublicKey key) {
        return jwk(key).thumbprint(Jwks.HASH.SHA256).toString();
    }

    /** The members of an RFC 7517 key that say what it is: {@code kty} and what its kind has beside. */
    Map<String, String> describe(PublicKey key) {
        var jwk = jwk(key);
        var described = new LinkedHashMap<String, String>();
        described.put("kty", jwk.getType());
        members.forEach(member -> described.put(member, String.valueOf(jwk.get(member))));
        return described;
    }

    private Jwk<?> jwk(PublicKey key) {
        return switch (this) {
            case ES256 -> Jwks.builder().key((ECPublicKey) key).build();
            case EDDSA -> Jwks.builder().octetKey(key).build();
            case RS256 -> Jwks.builder().key((RSAPublicKey) key).build();
        };
    }
}
