package io.syncline.provider.lookup;

import io.syncline.provider.dataset.Dataset;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Asks by another strategy for the keys in their order, in which an index has them: of the keys on one page of it all but the
 * first find that page just read, however the caller mixed them.
 */
final class InKeyOrder implements Strategy {

    private static final Comparator<Object[]> BY_PARTS = (one, other) -> {
        for (int i = 0; i < one.length; i++) {
            int order = compare(one[i], other[i]);
            if (order != 0) {
                return order;
            }
        }
        return 0;
    };

    private final Strategy strategy;

    InKeyOrder(Strategy strategy) {
        this.strategy = strategy;
    }

    /** Parts of one column are of one class, and each of these has an order. */
    @SuppressWarnings("unchecked")
    private static int compare(Object one, Object other) {
        return ((Comparable<Object>) one).compareTo(other);
    }

    @Override
    public Optional<String> refusal(Dataset dataset, int keys) {
        return strategy.refusal(dataset, keys);
    }

    @Override
    public void find(Connection connection, Dataset dataset, List<Object[]> keys, FoundRows found)
            throws SQLException, IOException {
        var inOrder = new ArrayList<>(keys);
        inOrder.sort(BY_PARTS);
        strategy.find(connection, dataset, inOrder, found);
    }
}
