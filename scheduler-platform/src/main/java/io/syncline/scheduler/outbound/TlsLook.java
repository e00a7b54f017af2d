package io.syncline.scheduler.outbound;

import io.syncline.scheduler.catalog.Credential;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** A TLS handshake made to tell an operator what is wrong with it. It trusts nothing that calls would not trust. */
final class TlsLook {

    private static final Duration SOON = Duration.ofDays(14);

    /** Why the server is not trusted; fit for an operator. */
    static final class NotTrustedException extends Exception {
        private static final long serialVersionUID = 1L;

        NotTrustedException(String message) {
            super(message, null, false, false);
        }
    }

    /** Remembers what the server has shown, and lets the real one decide. */
    private static final class Watching implements X509TrustManager {

        private final X509TrustManager real;
        private X509Certificate @Nullable [] shown;
        private boolean trusted;

        Watching(X509TrustManager real) {
            this.real = real;
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            shown = chain.clone();
            real.checkServerTrusted(chain, authType);
            trusted = true;
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            real.checkClientTrusted(chain, authType);
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return real.getAcceptedIssuers();
        }
    }

    private TlsLook() {}

    /** One sentence on what was agreed on. */
    static String at(Socket socket, DestinationGuard.Origin origin, Credential.@Nullable Mtls client, Instant now)
            throws NotTrustedException, GeneralSecurityException, IOException {
        Watching watching = new Watching(real(client == null ? null : client.trust()));
        SSLContext context;
        if (client == null) {
            context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {watching}, null);
        } else {
            context = ClientCertificate.context(client, new X509TrustManager[] {watching});
        }
        SSLSocket tls =
                (SSLSocket) context.getSocketFactory().createSocket(socket, origin.host(), origin.port(), false);
        SSLParameters parameters = tls.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
        tls.setSSLParameters(parameters);
        try {
            tls.startHandshake();
        } catch (SSLException e) {
            X509Certificate[] shown = watching.shown;
            if (shown == null || shown.length == 0) {
                throw e;
            }
            throw new NotTrustedException(why(shown[0], watching.trusted, origin, now));
        }
        X509Certificate[] shown = watching.shown;
        String of = shown == null || shown.length == 0 ? "" : certificate(shown[0], now);
        return tls.getSession().getProtocol() + of;
    }

    private static String certificate(X509Certificate shown, Instant now) {
        Instant end = shown.getNotAfter().toInstant();
        String soon = end.isBefore(now.plus(SOON)) ? ", which is soon: renew it" : "";
        return ", certificate for " + origin(shown) + " until " + end + soon;
    }

    /** Only what is a plain name: the text is the other side's. */
    private static String origin(X509Certificate shown) {
        String issuer = shown.getIssuerX500Principal().getName();
        String plain = issuer.replaceAll("[^A-Za-z0-9 =,.*_-]", "?");
        return "this host, issued by " + (plain.length() > 200 ? plain.substring(0, 200) : plain);
    }

    private static String why(X509Certificate shown, boolean trusted, DestinationGuard.Origin origin, Instant now) {
        Instant end = shown.getNotAfter().toInstant();
        if (end.isBefore(now)) {
            return "the instance's certificate has expired at " + end + "; renew it there";
        }
        if (shown.getNotBefore().toInstant().isAfter(now)) {
            return "the instance's certificate is not valid before "
                    + shown.getNotBefore().toInstant() + "; check the clocks";
        }
        return trusted
                ? "the instance's certificate does not name " + origin.host()
                        + "; call it by a name that it names, or renew it there"
                : "the instance's certificate is signed by an authority that is not trusted; "
                        + "add the authority to the Java runtime, or as 'trust' of an mtls credential";
    }

    private static X509TrustManager real(@Nullable String trust) throws GeneralSecurityException, IOException {
        for (TrustManager manager : ClientCertificate.trusted(trust)) {
            if (manager instanceof X509TrustManager found) {
                return found;
            }
        }
        throw new GeneralSecurityException("the Java runtime has no trust manager for certificates");
    }
}
