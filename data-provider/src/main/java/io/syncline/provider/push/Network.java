package io.syncline.provider.push;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** A network such as {@code 10.1.0.0/16}. */
record Network(byte[] address, int bits) {

    /** @throws IllegalArgumentException saying what is wrong */
    static Network parse(String text) {
        var parts = text.strip().split("/", -1);
        if (parts.length != 2 || !parts[0].matches("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*")) {
            throw wrong(text);
        }
        try {
            // Never a look-up: a literal.
            var address = InetAddress.getByName(parts[0]).getAddress();
            int bits = Integer.parseInt(parts[1]);
            if (bits < 0 || bits > address.length * 8) {
                throw wrong(text);
            }
            return new Network(address, bits);
        } catch (UnknownHostException | NumberFormatException e) {
            throw wrong(text);
        }
    }

    private static IllegalArgumentException wrong(String text) {
        return new IllegalArgumentException("a network is written as 10.1.0.0/16 or fd00::/8: '" + text + "'");
    }

    boolean has(InetAddress other) {
        var bytes = other.getAddress();
        if (bytes.length != address.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            int mask = 0x80 >> bit % 8;
            if ((bytes[bit / 8] & mask) != (address[bit / 8] & mask)) {
                return false;
            }
        }
        return true;
    }
}
