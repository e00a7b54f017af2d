package io.syncline.scheduler.outbound;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One spelling for each host. Numbers are read as the operating system's resolver would read them (decimal, hexadecimal,
 * octal, with fewer than four parts), so that 127.0.0.1, 2130706433, 0x7f.1 and 0177.0.0.1 are one host.
 */
final class HostForm {

    private static final Pattern NAME =
            Pattern.compile("(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,62})(\\.[a-z0-9_]([a-z0-9_-]{0,62}))*");
    private static final Pattern NUMBER = Pattern.compile("[0-9]+|0x[0-9a-f]*");
    private static final long ALL = 0xFFFF_FFFFL;

    private HostForm() {}

    /** The normal spelling, an IPv6 address without brackets; empty when the text is no host that may be called. */
    static Optional<String> normalise(String host) {
        String text = host.toLowerCase(Locale.ROOT);
        if (text.startsWith("[") && text.endsWith("]")) {
            text = text.substring(1, text.length() - 1);
            return text.indexOf(':') >= 0 ? ipv6(text) : Optional.empty();
        }
        if (text.indexOf(':') >= 0) {
            return ipv6(text);
        }
        if (text.endsWith(".")) {
            text = text.substring(0, text.length() - 1);
        }
        String lastPart = text.substring(text.lastIndexOf('.') + 1);
        if (NUMBER.matcher(lastPart).matches()) {
            return ipv4(text);
        }
        return NAME.matcher(text).matches() ? Optional.of(text) : Optional.empty();
    }

    /** Whether a normalised host is an address, so that nothing is looked up for it. */
    static boolean isAddress(String normalised) {
        return normalised.indexOf(':') >= 0
                || Character.isDigit(normalised.charAt(normalised.length() - 1))
                        && NUMBER.matcher(normalised.substring(normalised.lastIndexOf('.') + 1))
                                .matches();
    }

    /** The address that a normalised host is. */
    static InetAddress address(String normalised) {
        try {
            // never a look-up: a literal
            return InetAddress.getByName(normalised);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("not an address: " + normalised, e);
        }
    }

    private static Optional<String> ipv6(String text) {
        if (!text.matches("[0-9a-f:.]+")) {
            return Optional.empty();
        }
        try {
            // an IPv4 address mapped into IPv6 comes back as IPv4
            return Optional.of(InetAddress.getByName(text).getHostAddress());
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> ipv4(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length > 4) {
            return Optional.empty();
        }
        long address = 0;
        for (int i = 0; i < parts.length; i++) {
            boolean last = i == parts.length - 1;
            Optional<Long> number = number(parts[i]);
            long most = last ? ALL >> (8 * i) : 255;
            if (number.isEmpty() || number.get() > most) {
                return Optional.empty();
            }
            address |= last ? number.get() : number.get() << (8 * (3 - i));
        }
        return Optional.of(
                (address >> 24) + "." + (address >> 16 & 255) + "." + (address >> 8 & 255) + "." + (address & 255));
    }

    private static Optional<Long> number(String part) {
        if (!NUMBER.matcher(part).matches() || part.length() > 20) {
            return Optional.empty();
        }
        try {
            if (part.startsWith("0x")) {
                return Optional.of(part.length() == 2 ? 0L : Long.parseLong(part.substring(2), 16));
            }
            boolean octal = part.length() > 1 && part.startsWith("0");
            return Optional.of(Long.parseLong(part, octal ? 8 : 10));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
