package io.syncline.scheduler.security;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECKey;
import java.security.interfaces.RSAKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Keys and certificates in PEM (RFC 7468). What is wrong is said by an {@link IllegalArgumentException} whose message is fit
 * for the author and repeats nothing of the text.
 */
public final class Pem {

    private static final Pattern PKCS8 =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
    private static final List<String> KEY_TYPES = List.of("RSA", "EC", "Ed25519");
    private static final int LEAST_RSA_BITS = 2048;
    private static final int LEAST_EC_BITS = 256;
    private static final int MOST_CERTIFICATES = 50;

    private Pem() {}

    /** An unencrypted PKCS #8 key: RSA from 2048 bits, EC from 256, Ed25519. */
    public static PrivateKey privateKey(String text) {
        var block = PKCS8.matcher(text);
        if (!block.find()) {
            if (text.contains("ENCRYPTED")) {
                throw new IllegalArgumentException(
                        "the private key is encrypted; send it without a passphrase, it is encrypted where it is stored");
            }
            throw new IllegalArgumentException("must be a private key in PEM that begins with BEGIN PRIVATE KEY; "
                    + "'openssl pkcs8 -topk8 -nocrypt' makes one of other forms");
        }
        byte[] der;
        try {
            der = Base64.getMimeDecoder().decode(block.group(1));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the private key is not readable base64");
        }
        for (String type : KEY_TYPES) {
            try {
                return strong(KeyFactory.getInstance(type).generatePrivate(new PKCS8EncodedKeySpec(der)));
            } catch (GeneralSecurityException e) {
                // the next type may fit
            }
        }
        throw new IllegalArgumentException("the private key is no RSA, EC or Ed25519 key");
    }

    static PrivateKey strong(PrivateKey key) {
        boolean weak = key instanceof RSAKey rsa && rsa.getModulus().bitLength() < LEAST_RSA_BITS
                || key instanceof ECKey ec && ec.getParams().getOrder().bitLength() < LEAST_EC_BITS;
        if (weak) {
            throw new IllegalArgumentException(
                    "the private key is too short: RSA from " + LEAST_RSA_BITS + " bits, EC from " + LEAST_EC_BITS);
        }
        return key;
    }

    /** The certificates in their order, at least one, at most 50. */
    public static List<X509Certificate> certificates(String text) {
        List<X509Certificate> certificates = new ArrayList<>();
        try {
            var bytes = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
            for (var certificate : CertificateFactory.getInstance("X.509").generateCertificates(bytes)) {
                certificates.add((X509Certificate) certificate);
            }
        } catch (CertificateException e) {
            throw new IllegalArgumentException("must be certificates in PEM that begin with BEGIN CERTIFICATE");
        }
        if (certificates.isEmpty() || certificates.size() > MOST_CERTIFICATES) {
            throw new IllegalArgumentException(
                    "must be 1 to " + MOST_CERTIFICATES + " certificates in PEM that begin with BEGIN CERTIFICATE");
        }
        return certificates;
    }

    /** Whether the two are one pair. */
    public static boolean pair(PublicKey open, PrivateKey closed) {
        String algorithm;
        switch (closed.getAlgorithm()) {
            case "RSA" -> algorithm = "SHA256withRSA";
            case "EC" -> algorithm = "SHA256withECDSA";
            default -> algorithm = "Ed25519";
        }
        try {
            byte[] sample = "pair".getBytes(StandardCharsets.UTF_8);
            Signature signing = Signature.getInstance(algorithm);
            signing.initSign(closed);
            signing.update(sample);
            Signature verifying = Signature.getInstance(algorithm);
            verifying.initVerify(open);
            verifying.update(sample);
            return verifying.verify(signing.sign());
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
