package io.syncline.scheduler.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * This node's part of cluster-wide limits, decided from what each heartbeat has seen.
 *
 * <p>A node's share shrinks at once and grows only when every other live node has published the same view. Publishing a view
 * promises to stay within its shares. A node first publishes (committed), then reads the others: of two nodes with different
 * views at least one sees the other's, so the shares in use never add up to more than the limit.
 */
final class Membership {

    private final String self;

    /** The views that bound the share since the last agreement; empty while joining, when the share is 0. */
    private volatile List<View> bounds = List.of();

    private volatile View current;
    private @Nullable View published;
    private volatile boolean agreed;

    Membership(String self) {
        this.self = self;
        this.current = new View(List.of(self));
    }

    int share(int limit) {
        return bounds.stream().mapToInt(view -> view.share(limit, self)).min().orElse(0);
    }

    int liveCount() {
        return current.nodeIds().size();
    }

    /** Whether all live nodes keep to the same view; until then it pays to look again soon. */
    boolean agreed() {
        return agreed;
    }

    /** Forgets everything: this node was out of touch for so long that the others have shared out its part. */
    synchronized void joinAgain() {
        bounds = List.of();
        published = null;
        agreed = false;
    }

    /**
     * Takes in what the last heartbeat read.
     *
     * @param others the other live nodes, each with the fingerprint it has published
     * @param fits whether what is in flight fits the shares as they are after this call
     * @return the view to publish now
     */
    synchronized @Nullable View seen(Map<String, String> others, BooleanSupplier fits) {
        var view = View.of(others.keySet(), self);
        if (!view.equals(current)) {
            current = view;
        }
        if (!bounds.isEmpty() && !bounds.contains(view)) {
            var more = new ArrayList<>(bounds);
            more.add(view);
            bounds = List.copyOf(more);
        }
        var fingerprint = view.fingerprint();
        if (view.equals(published) && others.values().stream().allMatch(fingerprint::equals)) {
            bounds = List.of(view);
            agreed = true;
        } else {
            agreed = false;
        }
        return view.equals(published) || fits.getAsBoolean() ? view : published;
    }

    /** The view has been committed to this node's row. */
    synchronized void published(@Nullable View view) {
        published = view;
    }
}
