package io.syncline.systemtests.prove;

import io.syncline.systemtests.prove.Link.Mode;
import java.util.List;

/** What faults of all kinds do with links. */
final class LinkFaults {

    private LinkFaults() {}

    static List<Link> oneOrAll(Strike strike, List<Link> links) {
        return strike.coin() ? links : List.of(strike.oneOf(links));
    }

    /** By as much as it takes to be felt. */
    static void spoil(Strike strike, List<Link> links, Mode mode, int millis) {
        var amount = switch (mode) {
            case DELAY -> 120;
            case THROTTLE -> 4000;
            case CUT -> 900;
            default -> 0;
        };
        spoil(strike, links, mode, amount, millis);
    }

    static void spoil(Strike strike, List<Link> links, Mode mode, int amount, int millis) {
        strike.begin(String.join(", ", links.stream().map(Link::name).toList()));
        links.forEach(link -> link.spoil(mode, amount));
        try {
            strike.hold(millis);
        } finally {
            links.forEach(Link::mend);
        }
        var hits = links.stream().mapToLong(Link::hits).sum();
        strike.hit(hits > 0, hits + " pieces or connections");
    }
}
