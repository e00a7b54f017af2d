package io.syncline.provider.push;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.hc.client5.http.DnsResolver;
import org.springframework.stereotype.Component;

/**
 * Which endpoints may be called. It is the resolver of the connections as well, so that nothing is connected to but an
 * address that was checked at that very look-up.
 */
@Component
class EndpointGuard implements DnsResolver {

    private final boolean allowHttp;
    private final List<Network> allowed;

    EndpointGuard(PushProperties properties) {
        this.allowHttp = properties.allowHttp();
        this.allowed = properties.allowedNetworks().stream().map(Network::parse).toList();
    }

    /** What is wrong with the endpoint as it is written; where its name leads is seen at each delivery. */
    Optional<String> fault(String endpoint) {
        URI url;
        try {
            url = new URI(endpoint);
        } catch (URISyntaxException e) {
            return Optional.of("is no URL");
        }
        var scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("https") && !(allowHttp && scheme.equals("http"))) {
            return Optional.of("begins with https://");
        }
        if (url.getHost() == null || url.getRawUserInfo() != null || url.getRawFragment() != null) {
            return Optional.of("is https://host:port/path, without user and fragment");
        }
        if (isLiteral(url.getHost())) {
            try {
                check(url);
            } catch (UnknownHostException refused) {
                return Optional.of("leads to an address that may not be called");
            }
        }
        return Optional.empty();
    }

    private static boolean isLiteral(String host) {
        return host.startsWith("[") || host.matches("[0-9.]+");
    }

    /** Looked up anew: also where an open connection would be used again. */
    void check(URI endpoint) throws UnknownHostException {
        var scheme = String.valueOf(endpoint.getScheme()).toLowerCase(Locale.ROOT);
        if (!scheme.equals("https") && !allowHttp) {
            throw new UnknownHostException("the endpoint is not called without TLS");
        }
        resolve(endpoint.getHost());
    }

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        var bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        var addresses = InetAddress.getAllByName(bare);
        for (var address : addresses) {
            if (!mayBeCalled(address)) {
                throw new UnknownHostException(
                        host + " leads to " + address.getHostAddress() + ", which may not be called");
            }
        }
        return addresses;
    }

    @Override
    public String resolveCanonicalHostname(String host) {
        return host;
    }

    boolean mayBeCalled(InetAddress address) {
        return Addresses.isPublic(address) || allowed.stream().anyMatch(network -> network.has(address));
    }
}
