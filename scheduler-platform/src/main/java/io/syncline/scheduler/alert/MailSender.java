package io.syncline.scheduler.alert;

import io.syncline.outbox.DeliveryResult;
import io.syncline.scheduler.catalog.Channel;
import io.syncline.scheduler.outbound.MailServers;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.util.Date;
import java.util.Optional;
import java.util.Properties;
import javax.net.SocketFactory;
import javax.net.ssl.SSLException;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.jspecify.annotations.Nullable;

/** Mail over SMTP, each message on a connection of its own to the very address that was checked. */
class MailSender implements ChannelSender {

    private static final String CONNECT_MILLIS = "3000";
    private static final String MILLIS = "5000";

    private final MailServers servers;
    private final MailHealth health;

    MailSender(MailServers servers, MailHealth health) {
        this.servers = servers;
        this.health = health;
    }

    @Override
    public DeliveryResult send(Channel channel, Notice notice) {
        if (notice.kind() == MessageKind.ACKNOWLEDGE) {
            return DeliveryResult.delivered();
        }
        var server = channel.address();
        try {
            var session = Session.getInstance(properties(channel, server, servers.resolve(server)));
            try (Transport transport = session.getTransport("smtp")) {
                connect(transport, channel, server);
                var message = message(session, channel, notice);
                transport.sendMessage(message, message.getAllRecipients());
            }
            return DeliveryResult.delivered();
        } catch (MessagingException e) {
            var cause = cause(server, e);
            return isHopeless(e) ? DeliveryResult.dead(cause) : DeliveryResult.retry(cause);
        } catch (IOException e) {
            health.keptOut(server);
            return DeliveryResult.retry(String.valueOf(e.getMessage()));
        }
    }

    /** What the server says afterwards is the message's matter, not the server's health. */
    private void connect(Transport transport, Channel channel, URI server) throws MessagingException {
        try {
            transport.connect(server.getHost(), server.getPort(), channel.text("user"), channel.secret("password"));
            health.letIn(server);
        } catch (MessagingException e) {
            health.keptOut(server);
            throw e;
        }
    }

    private static Properties properties(Channel channel, URI server, InetAddress address) {
        var properties = new Properties();
        properties.put("mail.smtp.connectiontimeout", CONNECT_MILLIS);
        properties.put("mail.smtp.timeout", MILLIS);
        properties.put("mail.smtp.writetimeout", MILLIS);
        properties.put("mail.smtp.auth", String.valueOf(channel.text("user") != null));
        properties.put("mail.smtp.socketFactory", new PinnedSockets(address, server.getPort()));
        properties.put("mail.smtp.socketFactory.fallback", "false");
        properties.put("mail.smtp.localhost", "syncline");
        properties.put("mail.smtp.ssl.checkserveridentity", "true");
        var security = channel.text("security");
        if ("smtps".equals(server.getScheme())) {
            properties.put("mail.smtp.ssl.enable", "true");
        } else if (!"NONE".equals(security)) {
            properties.put("mail.smtp.starttls.enable", "true");
            properties.put("mail.smtp.starttls.required", "true");
        }
        return properties;
    }

    private static MimeMessage message(Session session, Channel channel, Notice notice) throws MessagingException {
        var message = new MimeMessage(session);
        message.setFrom(new InternetAddress(channel.text("from")));
        for (var recipient : channel.texts("to")) {
            message.addRecipient(Message.RecipientType.TO, new InternetAddress(recipient));
        }
        // No line of a message may begin another header.
        message.setSubject(notice.headline().replaceAll("\\p{Cntrl}+", " "), StandardCharsets.UTF_8.name());
        message.setText(notice.text(), StandardCharsets.UTF_8.name());
        message.setSentDate(Date.from(notice.at()));
        message.setHeader("Auto-Submitted", "auto-generated");
        message.setHeader("X-Syncline-Alert", notice.incidentId());
        message.setHeader("X-Syncline-Message", notice.messageId());
        // Mail readers show the messages of one incident as one thread.
        message.setHeader("References", "<" + notice.incidentId() + "@syncline>");
        return message;
    }

    /** Our own words: what the server says may hold anything, the password among it. */
    private static String cause(URI server, MessagingException e) {
        var where = server.getHost() + ":" + server.getPort();
        if (e instanceof jakarta.mail.AuthenticationFailedException) {
            return "the mail server " + where + " does not take the user and password";
        }
        var code = code(e);
        if (code != null) {
            return "the mail server " + where + " answered " + code;
        }
        return "no mail could be sent over " + where + ": " + tlsTrouble(e).orElse("no connection or no answer");
    }

    private static Optional<String> tlsTrouble(MessagingException e) {
        var isTls = false;
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateException || cause instanceof CertPathBuilderException) {
                return Optional.of("its certificate is not trusted here, has ended or is for another name");
            }
            if (String.valueOf(cause.getMessage()).startsWith("STARTTLS is required")) {
                return Optional.of("it does not offer STARTTLS, and nothing is sent in the clear");
            }
            isTls = isTls || cause instanceof SSLException;
        }
        return isTls ? Optional.of("no TLS could be agreed on") : Optional.empty();
    }

    private static boolean isHopeless(MessagingException e) {
        var code = code(e);
        return code != null && code >= 550 && code < 560;
    }

    private static @Nullable Integer code(MessagingException e) {
        for (Exception cause = e;
                cause != null;
                cause = cause instanceof MessagingException m ? m.getNextException() : null) {
            if (cause instanceof SMTPSendFailedException failed) {
                return failed.getReturnCode();
            }
            if (cause instanceof SMTPAddressFailedException failed) {
                return failed.getReturnCode();
            }
        }
        return null;
    }

    /** Sockets that connect to one address, whatever the name leads to by then. */
    private static final class PinnedSockets extends SocketFactory {

        private final InetSocketAddress address;

        PinnedSockets(InetAddress address, int port) {
            this.address = new InetSocketAddress(address, port);
        }

        @Override
        public Socket createSocket() {
            return new Socket() {
                @Override
                public void connect(SocketAddress endpoint) throws IOException {
                    super.connect(address);
                }

                @Override
                public void connect(SocketAddress endpoint, int timeout) throws IOException {
                    super.connect(address, timeout);
                }
            };
        }

        @Override
        public Socket createSocket(String host, int port) throws IOException {
            return connected();
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
            return connected();
        }

        @Override
        public Socket createSocket(InetAddress host, int port) throws IOException {
            return connected();
        }

        @Override
        public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort)
                throws IOException {
            return connected();
        }

        private Socket connected() throws IOException {
            var socket = createSocket();
            socket.connect(address, Integer.parseInt(CONNECT_MILLIS));
            return socket;
        }
    }
}
