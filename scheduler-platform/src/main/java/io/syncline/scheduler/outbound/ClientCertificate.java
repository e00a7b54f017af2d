package io.syncline.scheduler.outbound;

import io.syncline.scheduler.catalog.Credential;
import io.syncline.scheduler.security.Pem;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A client certificate and the connections that it opens, which nobody else's calls ever use. */
final class ClientCertificate implements ProofSource {

    private static final Logger LOG = LoggerFactory.getLogger(ClientCertificate.class);

    /** Longer than any call under way may last. */
    private static final Duration CLOSED_AFTER = Duration.ofMinutes(10);

    private final Credential.Mtls credential;
    private final OutboundProperties properties;
    private final HttpCalls plain;
    private final Executor work;
    private @Nullable CompletableFuture<Proof> proof;
    private @Nullable HttpCalls connections;
    private boolean retired;

    ClientCertificate(Credential.Mtls credential, OutboundProperties properties, HttpCalls plain, Executor work) {
        this.credential = credential;
        this.properties = properties;
        this.plain = plain;
        this.work = work;
    }

    @Override
    public synchronized CompletableFuture<Proof> proof() {
        if (proof != null) {
            return proof;
        }
        CompletableFuture<Proof> made = new CompletableFuture<>();
        try {
            work.execute(() -> {
                try {
                    made.complete(Proof.ofConnections(open()));
                } catch (GeneralSecurityException | IOException | RuntimeException e) {
                    LOG.warn(
                            "A client certificate cannot be used: {}",
                            e.getClass().getSimpleName());
                    made.completeExceptionally(NoProofException.failed(
                            "the client certificate and its key cannot be used; send both again"));
                }
            });
        } catch (RejectedExecutionException e) {
            made.completeExceptionally(NoProofException.failed("the node has too much waiting"));
            return made;
        }
        proof = made;
        return made;
    }

    private HttpCalls open() throws GeneralSecurityException, IOException {
        HttpCalls opened = new HttpCalls(properties, context(credential, null), 1);
        synchronized (this) {
            connections = opened;
            if (retired) {
                plain.later(CLOSED_AFTER, opened::close);
            }
        }
        return opened;
    }

    @Override
    public synchronized void retire() {
        retired = true;
        HttpCalls opened = connections;
        if (opened != null) {
            plain.later(CLOSED_AFTER, opened::close);
        }
    }

    /** At the end of the process. */
    synchronized void close() {
        HttpCalls opened = connections;
        if (opened != null) {
            opened.close();
        }
    }

    /** @param watching looks at the server's certificates before they are trusted; null: nobody does */
    static SSLContext context(Credential.Mtls credential, X509TrustManager @Nullable [] watching)
            throws GeneralSecurityException, IOException {
        char[] none = new char[0];
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        keys.setKeyEntry(
                "client",
                Pem.privateKey(credential.privateKey()),
                none,
                Pem.certificates(credential.certificate()).toArray(new Certificate[0]));
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(keys, none);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), watching == null ? trusted(credential.trust()) : watching, null);
        return context;
    }

    /** The authorities of a PEM text; null: those of the Java runtime. */
    static TrustManager[] trusted(@Nullable String pem) throws GeneralSecurityException, IOException {
        KeyStore authorities = null;
        if (pem != null) {
            authorities = KeyStore.getInstance("PKCS12");
            authorities.load(null, null);
            int place = 0;
            for (X509Certificate authority : Pem.certificates(pem)) {
                authorities.setCertificateEntry("authority-" + place++, authority);
            }
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(authorities);
        return trust.getTrustManagers();
    }
}
