package io.syncline.scheduler.security;

import java.io.IOException;
import java.net.URI;

/** Public keys that others publish, fetched as everything leaves the platform: to approved destinations alone. */
public interface RemoteKeys {

    /**
     * The document at an address, by one GET without redirects, at most 256 KiB, within 5 s. It may block.
     *
     * @throws IOException when the destination is not approved or does not answer 200; the message is fit for an operator
     */
    byte[] fetch(URI address) throws IOException;
}
