package io.syncline.scheduler.outbound;

import java.util.List;

/** The operators' list and its version, 0 before it was ever put. */
public record DestinationList(List<Destination> destinations, int version) {

    public DestinationList {
        destinations = List.copyOf(destinations);
    }
}
