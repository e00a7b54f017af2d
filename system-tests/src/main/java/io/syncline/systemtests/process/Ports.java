package io.syncline.systemtests.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Loopback ports: which are free, and free ones for tests. */
public final class Ports {

    private static final int LOWEST = 16_384;
    private static final int BEHIND_HIGHEST = 32_768;

    private Ports() {}

    public static boolean isFree(int port) {
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1);
            return true;
        } catch (IOException taken) {
            return false;
        }
    }

    /**
     * A port that was free a moment ago. It lies below those that systems give to outgoing connections and to listeners without a
     * port (49152 and up by RFC 6335, 32768 and up on Linux), so that none of these takes it before a service that starts.
     *
     * @throws IllegalStateException when none was found
     */
    public static int anyFree() {
        return ThreadLocalRandom.current()
                .ints(1000, LOWEST, BEHIND_HIGHEST)
                .filter(Ports::isFree)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "no free port was found from " + LOWEST + " to " + (BEHIND_HIGHEST - 1)));
    }
}
