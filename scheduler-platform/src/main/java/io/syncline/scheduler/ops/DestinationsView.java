package io.syncline.scheduler.ops;

import io.syncline.scheduler.outbound.Destination;
import io.syncline.scheduler.outbound.DestinationList;
import java.util.List;

/**
 * The approved destinations.
 *
 * @param items those that operators have approved; what a PUT replaces
 * @param configured those that the platform's settings approve besides
 */
record DestinationsView(List<Item> items, List<Item> configured) {

    /**
     * One approved place.
     *
     * @param port a number, or {@code *} for any
     */
    record Item(String scheme, String host, Object port) {

        static Item of(Destination destination) {
            String port = destination.portText();
            return new Item(
                    destination.scheme(), destination.host(), port.equals("*") ? port : (Object) Integer.valueOf(port));
        }
    }

    static DestinationsView of(DestinationList list, List<Destination> configured) {
        return new DestinationsView(
                list.destinations().stream().map(Item::of).toList(),
                configured.stream().map(Item::of).toList());
    }
}
