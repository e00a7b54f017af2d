package io.syncline.scheduler.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MembershipTest {

    private static final int LIMIT = 8;

    @Test
    void theOnlyNodeHasTheWholeLimitOnceItHasPublishedItsView() {
        var alone = new Membership("a");

        assertThat(alone.share(LIMIT)).isZero();
        alone.published(alone.seen(Map.of(), () -> true));
        alone.seen(Map.of(), () -> true);

        assertThat(alone.share(LIMIT)).isEqualTo(LIMIT);
    }

    @Test
    void aJoiningNodeHasNothingUntilTheOtherKeepsToItsSmallerPart() {
        var cluster = new Cluster(new Random(1));
        cluster.join("a");
        cluster.settle();
        cluster.join("b");
        cluster.node("a").inFlight = LIMIT;

        cluster.settle();
        assertThat(cluster.node("a").membership.share(LIMIT)).isEqualTo(4);
        assertThat(cluster.node("b").membership.share(LIMIT)).isZero();

        cluster.node("a").inFlight = 4;
        cluster.settle();
        assertThat(cluster.node("b").membership.share(LIMIT)).isEqualTo(4);
    }

    @Test
    void theSurvivorTakesTheWholeLimit() {
        var cluster = new Cluster(new Random(1));
        cluster.join("a");
        cluster.join("b");
        cluster.settle();
        cluster.die("b");

        cluster.settle();

        assertThat(cluster.node("a").membership.share(LIMIT)).isEqualTo(LIMIT);
    }

    @Test
    void theRemainderGoesToTheLowestIds() {
        var view = new View(List.of("c", "a", "b"));

        assertThat(view.share(8, "a")).isEqualTo(3);
        assertThat(view.share(8, "b")).isEqualTo(3);
        assertThat(view.share(8, "c")).isEqualTo(2);
        assertThat(view.share(2, "c")).isEqualTo(1);
    }

    @Test
    void partsNeverAddUpToMoreThanTheLimitWhateverTheOrderOfJoinsDeathsAndReadings() {
        for (long seed = 0; seed < 2_000; seed++) {
            var random = new Random(seed);
            var cluster = new Cluster(random);
            for (int step = 0; step < 120; step++) {
                cluster.randomStep();
                assertThat(cluster.calls()).as("seed %d step %d", seed, step).isLessThanOrEqualTo(LIMIT);
            }
            cluster.settle();
            cluster.nodes.values().forEach(node -> node.inFlight = 0);
            cluster.settle();
            assertThat(cluster.shares()).as("seed %d", seed).isEqualTo(cluster.nodes.isEmpty() ? 0 : LIMIT);
        }
    }

    /** Rows that every step reads and writes in its own order, as heartbeats of different nodes do. */
    private static final class Cluster {

        final Map<String, @Nullable String> rows = new LinkedHashMap<>();
        final Map<String, FakeNode> nodes = new LinkedHashMap<>();
        private final Random random;

        Cluster(Random random) {
            this.random = random;
        }

        void join(String id) {
            rows.put(id, null);
            nodes.put(id, new FakeNode(id));
        }

        void die(String id) {
            rows.remove(id);
            nodes.remove(id);
        }

        FakeNode node(String id) {
            return java.util.Objects.requireNonNull(nodes.get(id));
        }

        void settle() {
            for (int round = 0; round < 6; round++) {
                nodes.values().forEach(node -> {
                    node.write();
                    node.read();
                });
            }
        }

        void randomStep() {
            var kind = random.nextInt(20);
            if (kind == 0 && nodes.size() < 4) {
                var id = String.valueOf((char) ('a' + random.nextInt(8)));
                if (!nodes.containsKey(id)) {
                    join(id);
                }
            } else if (kind == 1 && !nodes.isEmpty()) {
                die(pick().id);
            } else if (!nodes.isEmpty()) {
                var node = pick();
                switch (random.nextInt(4)) {
                    case 0 -> node.write();
                    case 1 -> node.read();
                    case 2 -> node.inFlight = Math.max(node.inFlight, node.membership.share(LIMIT));
                    default -> node.inFlight = Math.max(0, node.inFlight - 1 - random.nextInt(3));
                }
            }
        }

        private FakeNode pick() {
            return new ArrayList<>(nodes.values()).get(random.nextInt(nodes.size()));
        }

        int calls() {
            return nodes.values().stream().mapToInt(node -> node.inFlight).sum();
        }

        int shares() {
            return nodes.values().stream()
                    .mapToInt(node -> node.membership.share(LIMIT))
                    .sum();
        }

        private final class FakeNode {

            final String id;
            final Membership membership;
            int inFlight;
            private @Nullable View toPublish;
            private boolean written;

            FakeNode(String id) {
                this.id = id;
                this.membership = new Membership(id);
            }

            void write() {
                var view = toPublish;
                rows.put(id, view == null ? null : view.fingerprint());
                membership.published(view);
                written = true;
            }

            void read() {
                if (!written) {
                    return;
                }
                var others = new HashMap<String, String>();
                rows.forEach((other, view) -> {
                    if (!other.equals(id)) {
                        others.put(other, view == null ? "joining" : view);
                    }
                });
                toPublish = membership.seen(others, () -> inFlight <= membership.share(LIMIT));
                written = false;
            }
        }
    }
}
