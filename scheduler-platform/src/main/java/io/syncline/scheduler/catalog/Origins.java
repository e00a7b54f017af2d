package io.syncline.scheduler.catalog;

import java.net.URI;
import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Origins (RFC 6454) in one spelling. Two spellings of one address are two origins here: that errs on the safe side. */
public final class Origins {

    private Origins() {}

    /** {@code scheme://host:port}, the port always written. */
    public static String of(URI url) {
        String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
        int port = url.getPort() == -1 ? (scheme.equals("https") ? 443 : 80) : url.getPort();
        return scheme + "://" + String.valueOf(url.getHost()).toLowerCase(Locale.ROOT) + ":" + port;
    }

    static Set<String> of(Collection<URI> urls) {
        return urls.stream().map(Origins::of).collect(Collectors.toUnmodifiableSet());
    }
}
