package io.syncline.scheduler.outbound;

import io.syncline.scheduler.catalog.ApprovedOrigins;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Default deny for everything that leaves: scheme, host and port must be approved, a name is looked up once, each of its
 * addresses is checked, and the connection goes to exactly such an address.
 */
final class DestinationGuard implements ApprovedOrigins {

    /** How names become addresses; tests replace it. */
    @FunctionalInterface
    interface Resolver {
        InetAddress[] resolve(String host) throws UnknownHostException;
    }

    /**
     * Where a URL leads.
     *
     * @param host in its normal spelling
     */
    record Origin(String scheme, String host, int port) {

        @Override
        public String toString() {
            return scheme + "://" + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
        }
    }

    private final Supplier<List<Destination>> approved;
    private final Resolver resolver;

    DestinationGuard(Supplier<List<Destination>> approved, Resolver resolver) {
        this.approved = approved;
        this.resolver = resolver;
    }

    @Override
    public boolean approved(URI url) {
        return anyOrigin(url).filter(this::callable).isPresent();
    }

    /** Approved, as far as that can be said without looking a name up. */
    boolean callable(Origin origin) {
        return approved(origin) && (!isLiteral(origin) || mayReach(origin, HostForm.address(origin.host())));
    }

    /** The origin of a URL; empty for anything that is no plain http or https URL. */
    static Optional<Origin> origin(URI url) {
        return anyOrigin(url).filter(origin -> Destination.isWeb(origin.scheme()));
    }

    /** The same, of mail servers as well. */
    static Optional<Origin> anyOrigin(URI url) {
        String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
        if (!Destination.isKnown(scheme) || url.getRawUserInfo() != null || url.getHost() == null) {
            return Optional.empty();
        }
        int port = url.getPort() == -1 ? Destination.defaultPort(scheme) : url.getPort();
        return HostForm.normalise(url.getHost()).map(host -> new Origin(scheme, host, port));
    }

    /** Looks a name up, which may take its time; an address is only checked. */
    InetAddress resolve(Origin origin) throws RefusedDestinationException {
        if (!approved(origin)) {
            throw RefusedDestinationException.notApproved("the destination " + origin + " is not approved");
        }
        InetAddress[] addresses;
        try {
            addresses = isLiteral(origin)
                    ? new InetAddress[] {HostForm.address(origin.host())}
                    : resolver.resolve(origin.host());
        } catch (UnknownHostException e) {
            throw RefusedDestinationException.notFound("the host of " + origin + " is unknown");
        }
        if (addresses.length == 0) {
            throw RefusedDestinationException.notFound("the host of " + origin + " has no address");
        }
        for (InetAddress address : addresses) {
            if (!mayReach(origin, address)) {
                throw RefusedDestinationException.notApproved("the destination " + origin + " leads to "
                        + address.getHostAddress() + ", which is not approved");
            }
        }
        return addresses[0];
    }

    static boolean isLiteral(Origin origin) {
        return HostForm.isAddress(origin.host());
    }

    private boolean approved(Origin origin) {
        return approved.get().stream()
                .anyMatch(destination -> destination.covers(origin.scheme(), origin.host(), origin.port()));
    }

    /** Whether an address that the origin's name has led to may be connected to by now. */
    boolean mayReach(Origin origin, InetAddress address) {
        return switch (AddressClass.of(address)) {
            case PUBLIC -> true;
            case NEVER -> false;
            case NAMED_ONLY ->
                namesItself(origin, address)
                        || approved(new Origin(origin.scheme(), address.getHostAddress(), origin.port()));
        };
    }

    /** Who approves localhost means the loopback addresses. */
    private static boolean namesItself(Origin origin, InetAddress address) {
        return origin.host().equals("localhost") && address.isLoopbackAddress();
    }
}
