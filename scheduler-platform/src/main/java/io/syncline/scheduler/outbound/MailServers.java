package io.syncline.scheduler.outbound;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;

/** Which mail servers may be connected to, and at which address. */
public final class MailServers {

    private final DestinationGuard guard;

    MailServers(DestinationGuard guard) {
        this.guard = guard;
    }

    /**
     * Looks the server's name up; a connection must go to this very address.
     *
     * @param server a URL of the scheme smtp or smtps with a port
     * @throws IOException when it is not approved or not found, in words for an operator
     */
    public InetAddress resolve(URI server) throws IOException {
        var origin = DestinationGuard.anyOrigin(server)
                .orElseThrow(() -> new IOException("the mail server's address is none that may be called"));
        try {
            return guard.resolve(origin);
        } catch (RefusedDestinationException e) {
            throw new IOException(String.valueOf(e.getMessage()), e);
        }
    }
}
