package io.syncline.scheduler.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.TrustManagerFactory;

/** Certificates made for one test class by the JDK's own keytool; nothing of them is kept. */
public final class TestCertificates {

    private static final String PASSWORD = "for-this-test";

    private final Path store;

    private TestCertificates(Path store) {
        this.store = store;
    }

    /** An authority {@code ca} and another, {@code other-ca}, that nobody trusts yet. */
    public static TestCertificates in(Path folder) {
        var certificates = new TestCertificates(folder.resolve("certificates.p12"));
        certificates.keytool("-genkeypair", "-alias", "ca", "-dname", "CN=Test authority", "-ext", "bc:c");
        certificates.keytool("-genkeypair", "-alias", "other-ca", "-dname", "CN=Other authority", "-ext", "bc:c");
        return certificates;
    }

    public TestCertificates issue(String alias, String authority, String... more) {
        List<String> arguments =
                new ArrayList<>(List.of("-genkeypair", "-alias", alias, "-signer", authority, "-dname", "CN=" + alias));
        arguments.addAll(List.of(more));
        keytool(arguments.toArray(String[]::new));
        return this;
    }

    public String certificate(String alias) {
        try {
            return pem("CERTIFICATE", open().getCertificate(alias).getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public String privateKey(String alias) {
        try {
            return pem(
                    "PRIVATE KEY", open().getKey(alias, PASSWORD.toCharArray()).getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A server that shows one certificate and takes clients of some authorities; of none: it asks for no certificate. */
    public SSLServerSocket server(String alias, String... clientAuthorities) {
        try {
            KeyStore all = open();
            KeyStore own = empty();
            own.setKeyEntry(
                    alias,
                    all.getKey(alias, PASSWORD.toCharArray()),
                    PASSWORD.toCharArray(),
                    all.getCertificateChain(alias));
            var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(own, PASSWORD.toCharArray());
            KeyStore trusted = empty();
            for (String authority : clientAuthorities) {
                trusted.setCertificateEntry(authority, all.getCertificate(authority));
            }
            var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), clientAuthorities.length == 0 ? null : trust.getTrustManagers(), null);
            var socket = (SSLServerSocket) context.getServerSocketFactory()
                    .createServerSocket(0, 100, java.net.InetAddress.getByName("127.0.0.1"));
            socket.setNeedClientAuth(clientAuthorities.length > 0);
            return socket;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private KeyStore open() {
        try (InputStream in = Files.newInputStream(store)) {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(in, PASSWORD.toCharArray());
            return keys;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        return keys;
    }

    private void keytool(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of(
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-validity",
                "30",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD));
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes());
            if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0) {
                throw new IllegalStateException("keytool: " + said);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + label + "-----\n";
    }
}
