package io.syncline.scheduler.outbound;

import io.syncline.scheduler.catalog.Origins;
import java.net.URI;
import org.apache.hc.core5.http.HttpHost;
import org.jspecify.annotations.Nullable;

/** One instance of a system as this node sees it; guarded by its system. */
final class Instance {

    final URI url;
    final DestinationGuard.@Nullable Origin origin;

    /** As credentials are bound to it. */
    final String originText;

    final InstanceHealth health = new InstanceHealth();
    int inFlight;

    /** Where its name led when it was last looked up. */
    volatile @Nullable Target target;

    record Target(HttpHost host, long resolvedAtNanos) {}

    Instance(URI url) {
        this.url = url;
        this.originText = Origins.of(url);
        this.origin = DestinationGuard.origin(url).orElse(null);
    }
}
