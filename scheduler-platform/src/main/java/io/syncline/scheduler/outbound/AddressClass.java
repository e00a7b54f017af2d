package io.syncline.scheduler.outbound;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Set;

/** What kind of place an address is, an IPv4 address hidden in an IPv6 one included. */
enum AddressClass {
    /** Anywhere on the public network. */
    PUBLIC,
    /** Loopback and private networks: only when an entry names the address. */
    NAMED_ONLY,
    /** Link-local, metadata services, multicast, unspecified, reserved: never. */
    NEVER;

    /** Metadata services outside the link-local range: two clouds' and one over IPv6. */
    private static final Set<String> METADATA = Set.of("100.100.100.200", "192.0.0.192", "fd00:ec2:0:0:0:0:0:254");

    static AddressClass of(InetAddress address) {
        if (address.isAnyLocalAddress()
                || address.isLinkLocalAddress()
                || address.isMulticastAddress()
                || METADATA.contains(address.getHostAddress())) {
            return NEVER;
        }
        byte[] bytes = address.getAddress();
        return address instanceof Inet4Address ? ofIpv4(bytes) : ofIpv6(address, bytes);
    }

    private static AddressClass ofIpv4(byte[] b) {
        int first = b[0] & 255;
        int second = b[1] & 255;
        if (first == 0 || first >= 240) {
            return NEVER;
        }
        boolean named = first == 10
                || first == 127
                || (first == 172 && second >= 16 && second < 32)
                || (first == 192 && second == 168)
                || (first == 100 && second >= 64 && second < 128)
                || (first == 192 && second == 0 && b[2] == 0)
                || (first == 198 && (second == 18 || second == 19));
        return named ? NAMED_ONLY : PUBLIC;
    }

    private static AddressClass ofIpv6(InetAddress address, byte[] b) {
        if (address.isLoopbackAddress()) {
            return NAMED_ONLY;
        }
        if (allZero(b, 0, 12)) {
            return embedded(b, 12);
        }
        boolean translated = allZero(b, 0, 8) && (b[8] & b[9]) == -1 && allZero(b, 10, 12);
        if (translated) {
            return embedded(b, 12);
        }
        if (b[0] == 0x00 && b[1] == 0x64 && (b[2] & 255) == 0xff && (b[3] & 255) == 0x9b) {
            // of the local prefix (RFC 8215) nobody else knows where the IPv4 address stands
            return allZero(b, 4, 12) ? embedded(b, 12) : NEVER;
        }
        if (b[0] == 0x20 && b[1] == 0x02) {
            return embedded(b, 2);
        }
        boolean teredo = b[0] == 0x20 && b[1] == 0x01 && b[2] == 0 && b[3] == 0;
        if (teredo) {
            return NEVER;
        }
        boolean uniqueLocal = (b[0] & 0xfe) == 0xfc;
        return uniqueLocal || address.isSiteLocalAddress() ? NAMED_ONLY : PUBLIC;
    }

    private static AddressClass embedded(byte[] b, int from) {
        try {
            return of(InetAddress.getByAddress(Arrays.copyOfRange(b, from, from + 4)));
        } catch (UnknownHostException e) {
            return NEVER;
        }
    }

    private static boolean allZero(byte[] b, int from, int to) {
        for (int i = from; i < to; i++) {
            if (b[i] != 0) {
                return false;
            }
        }
        return true;
    }
}
