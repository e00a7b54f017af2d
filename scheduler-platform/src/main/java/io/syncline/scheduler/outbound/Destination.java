package io.syncline.scheduler.outbound;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An approved place to call.
 *
 * @param host in its normal spelling
 * @param port 0: any port
 */
public record Destination(String scheme, String host, int port) {

    static final int ANY_PORT = 0;

    private static final Pattern TEXT =
            Pattern.compile("(?i)(https?|smtps?)://(\\[[^\\]/@?#]*]|[^:/@?#\\[\\]]+)(?::(\\*|[0-9]{1,5}))?/?");

    /**
     * Reads {@code scheme://host:port}, port a number, {@code *}, or left out for the scheme's own.
     *
     * @throws IllegalArgumentException saying what is wrong
     */
    public static Destination parse(String text) {
        Matcher parts = TEXT.matcher(text.trim());
        if (!parts.matches()) {
            throw new IllegalArgumentException(
                    "a destination is scheme://host:port with http, https, smtp or smtps and a port or *: '" + text
                            + "'");
        }
        String port = parts.group(3);
        return of(parts.group(1), parts.group(2), port == null ? "" : port);
    }

    /** @throws IllegalArgumentException saying what is wrong */
    public static Destination of(String scheme, String host, String port) {
        String lower = scheme.toLowerCase(Locale.ROOT);
        if (!isKnown(lower)) {
            throw new IllegalArgumentException("scheme must be http, https, smtp or smtps: '" + scheme + "'");
        }
        String normal = HostForm.normalise(host)
                .orElseThrow(() -> new IllegalArgumentException("not a host name or address: '" + host + "'"));
        if (HostForm.isAddress(normal) && AddressClass.of(HostForm.address(normal)) == AddressClass.NEVER) {
            throw new IllegalArgumentException(
                    "link-local, metadata, multicast and unspecified addresses are never called: '" + host + "'");
        }
        return new Destination(lower, normal, port(lower, port));
    }

    private static int port(String scheme, String text) {
        if (text.equals("*")) {
            return ANY_PORT;
        }
        if (text.isEmpty()) {
            return defaultPort(scheme);
        }
        try {
            int port = Integer.parseInt(text);
            if (port > 0 && port < 65_536) {
                return port;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw new IllegalArgumentException("port must be a number from 1 to 65535 or *: '" + text + "'");
    }

    static int defaultPort(String scheme) {
        return switch (scheme) {
            case "https" -> 443;
            case "smtp" -> 587;
            case "smtps" -> 465;
            default -> 80;
        };
    }

    static boolean isWeb(String scheme) {
        return scheme.equals("http") || scheme.equals("https");
    }

    static boolean isKnown(String scheme) {
        return isWeb(scheme) || scheme.equals("smtp") || scheme.equals("smtps");
    }

    boolean covers(String otherScheme, String normalHost, int otherPort) {
        return scheme.equals(otherScheme) && host.equals(normalHost) && (port == ANY_PORT || port == otherPort);
    }

    public String portText() {
        return port == ANY_PORT ? "*" : Integer.toString(port);
    }

    @Override
    public String toString() {
        return scheme + "://" + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + portText();
    }
}
