package io.syncline.scheduler.alert;

import com.icegreen.greenmail.util.DummySSLServerSocketFactory;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/**
 * A mail server up to its STARTTLS, which the test's own mail server does not know; from there on it passes everything to a
 * socket with a certificate of its own making, and keeps what it hears in the clear.
 */
final class StarttlsServer implements AutoCloseable {

    private final ServerSocket clear;
    private final SSLServerSocket behind;
    private final List<String> heard = new CopyOnWriteArrayList<>();

    private StarttlsServer(ServerSocket clear, SSLServerSocket behind) {
        this.clear = clear;
        this.behind = behind;
    }

    static StarttlsServer start() throws IOException {
        var loopback = InetAddress.getByName("127.0.0.1");
        var server = new StarttlsServer(new ServerSocket(0, 1, loopback), (SSLServerSocket)
                new DummySSLServerSocketFactory().createServerSocket(0, 1, loopback));
        begin("starttls-clear", server::greet);
        begin("starttls-behind", server::shakeHands);
        return server;
    }

    private interface Talk {
        void run() throws IOException;
    }

    private static void begin(String name, Talk talk) {
        var thread = new Thread(
                () -> {
                    try {
                        talk.run();
                    } catch (IOException e) {
                        // the other side has hung up
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }

    private void greet() throws IOException {
        try (var client = clear.accept()) {
            say(client, "220 test");
            var reader = new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
            for (var line = reader.readLine(); line != null; line = reader.readLine()) {
                heard.add(line);
                if (line.startsWith("STARTTLS")) {
                    say(client, "220 go ahead");
                    pass(client);
                    return;
                }
                say(client, line.startsWith("EHLO") ? "250-test\r\n250 STARTTLS" : "502 not before STARTTLS");
            }
        }
    }

    private void pass(Socket client) throws IOException {
        try (var socket = new Socket(behind.getInetAddress(), behind.getLocalPort())) {
            begin("starttls-back", () -> socket.getInputStream().transferTo(client.getOutputStream()));
            client.getInputStream().transferTo(socket.getOutputStream());
        }
    }

    private void shakeHands() throws IOException {
        try (var socket = (SSLSocket) behind.accept()) {
            socket.startHandshake();
        }
    }

    private static void say(Socket client, String line) throws IOException {
        client.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
        client.getOutputStream().flush();
    }

    int port() {
        return clear.getLocalPort();
    }

    /** In the clear. */
    List<String> heard() {
        return heard;
    }

    @Override
    public void close() throws IOException {
        clear.close();
        behind.close();
    }
}
