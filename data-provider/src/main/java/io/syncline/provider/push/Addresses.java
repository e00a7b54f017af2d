package io.syncline.provider.push;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/** Which addresses are on the public network, an IPv4 address hidden in an IPv6 one included. */
final class Addresses {

    private Addresses() {}

    static boolean isPublic(InetAddress address) {
        if (address.isAnyLocalAddress()
                || address.isLoopbackAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress()) {
            return false;
        }
        var bytes = address.getAddress();
        return address instanceof Inet4Address ? isPublicV4(bytes) : isPublicV6(bytes);
    }

    private static boolean isPublicV4(byte[] b) {
        int first = b[0] & 255;
        int second = b[1] & 255;
        boolean reserved = first == 0 || first == 10 || first == 127 || first >= 224;
        boolean shared = first == 100 && second >= 64 && second < 128;
        boolean link = first == 169 && second == 254;
        boolean inner = first == 172 && second >= 16 && second < 32 || first == 192 && second == 168;
        boolean protocols = first == 192 && second == 0 && (b[2] == 0 || b[2] == 2);
        boolean tests = first == 198 && (second == 18 || second == 19 || second == 51 && b[2] == 100)
                || first == 203 && second == 0 && b[2] == 113;
        return !(reserved || shared || link || inner || protocols || tests);
    }

    private static boolean isPublicV6(byte[] b) {
        boolean mapped = isZero(b, 0, 10) && b[10] == -1 && b[11] == -1;
        boolean translated = isZero(b, 0, 8) && b[8] == -1 && b[9] == -1 && isZero(b, 10, 12);
        if (isZero(b, 0, 12) || mapped || translated) {
            return isPublic(embedded(b, 12));
        }
        if (b[0] == 0x00 && b[1] == 0x64 && (b[2] & 255) == 0xff && (b[3] & 255) == 0x9b) {
            // Of the local prefix (RFC 8215) nobody else knows where the IPv4 address stands.
            return isZero(b, 4, 12) && isPublic(embedded(b, 12));
        }
        if (b[0] == 0x20 && b[1] == 0x02) {
            return isPublic(embedded(b, 2));
        }
        boolean teredo = b[0] == 0x20 && b[1] == 0x01 && b[2] == 0 && b[3] == 0;
        boolean examples = b[0] == 0x20 && b[1] == 0x01 && b[2] == 0x0d && (b[3] & 255) == 0xb8;
        boolean uniqueLocal = (b[0] & 0xfe) == 0xfc;
        return !(teredo || examples || uniqueLocal);
    }

    private static InetAddress embedded(byte[] b, int from) {
        try {
            return InetAddress.getByAddress(Arrays.copyOfRange(b, from, from + 4));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
    }

    private static boolean isZero(byte[] b, int from, int to) {
        for (int i = from; i < to; i++) {
            if (b[i] != 0) {
                return false;
            }
        }
        return true;
    }
}
