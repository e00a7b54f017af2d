package io.syncline.scheduler.outbound;

import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/** The guarded ways out for tests of other rooms, with the destinations that they approve. */
public final class WaysOut implements AutoCloseable {

    private final ExecutorService lookUps = Executors.newSingleThreadExecutor();
    private final HttpCalls http = new HttpCalls(OutboundProperties.standard());
    private final DestinationGuard guard;

    public WaysOut(String... approved) {
        List<Destination> destinations =
                Stream.of(approved).map(Destination::parse).toList();
        guard = new DestinationGuard(() -> destinations, InetAddress::getAllByName);
    }

    public Posts posts() {
        return new Posts(new GuardedRequests(guard, http, lookUps));
    }

    public MailServers mailServers() {
        return new MailServers(guard);
    }

    @Override
    public void close() {
        http.close();
        lookUps.shutdownNow();
    }
}
