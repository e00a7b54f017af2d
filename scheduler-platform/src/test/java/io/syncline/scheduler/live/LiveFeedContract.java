package io.syncline.scheduler.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.syncline.scheduler.security.Labels;
import io.syncline.scheduler.security.ProblemException;
import io.syncline.scheduler.store.Ids;
import io.syncline.scheduler.store.JdbcTimes;
import io.syncline.scheduler.store.Node;
import io.syncline.scheduler.store.Nodes;
import io.syncline.scheduler.testing.SettableClock;
import io.syncline.scheduler.testing.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What listeners are told of what others write, on every database. */
abstract class LiveFeedContract {

    private static final Instant NOON = SettableClock.NOON;
    private static final Labels BILLING = Labels.of(Set.of("billing"));

    private final SettableClock clock = SettableClock.atNoon();
    private final List<LiveFeed> feeds = new ArrayList<>();
    private final TwoNodes nodes = new TwoNodes();
    private JdbcClient jdbc;
    private LiveFeed feed;
    private int number;

    abstract TestDatabase emptyDatabase();

    @BeforeEach
    void aNode() {
        jdbc = emptyDatabase().jdbc();
        feed = node(10);
        group("plans", "billing");
        group("prices", "risk");
    }

    @AfterEach
    void stop() {
        feeds.forEach(LiveFeed::stop);
    }

    /** Without its thread: the tests look themselves. */
    private LiveFeed node(int mostListeners) {
        var made = new LiveFeed(new JdbcChanges(jdbc), clock, nodes, new LiveProperties(mostListeners));
        made.open();
        feeds.add(made);
        return made;
    }

    @Test
    void aMoveIsToldOnceWithItsTimeAsVersion() {
        var ear = listening(feed, Labels.ALL);
        run("r1", "plans");
        move("r1", NOON.plusMillis(300));
        clock.advance(Duration.ofSeconds(1));

        feed.look();
        clock.advance(Duration.ofSeconds(1));
        feed.look();

        assertThat(ear.changes()).containsExactly("run r1 " + Frames.id(NOON.plusMillis(300)));
        assertThat(ear.lastId()).isEqualTo(Frames.id(NOON.plusSeconds(1)));
    }

    @Test
    void manyMovesOfOneRunAreOneEvent() {
        var ear = listening(feed, Labels.ALL);
        run("r1", "plans");
        move("r1", NOON.plusMillis(100));
        move("r1", NOON.plusMillis(400));
        move("r1", NOON.plusMillis(200));
        clock.advance(Duration.ofSeconds(1));

        feed.look();

        assertThat(ear.changes()).containsExactly("run r1 " + Frames.id(NOON.plusMillis(400)));
    }

    @Test
    void whatWasCommittedLateIsToldAsWell() {
        var ear = listening(feed, Labels.ALL);
        run("r1", "plans");
        run("r2", "plans");
        clock.advance(Duration.ofSeconds(5));
        move("r1", NOON.plusSeconds(5));
        feed.look();

        move("r2", NOON.plusSeconds(1));
        clock.advance(Duration.ofSeconds(1));
        feed.look();

        assertThat(ear.things()).containsExactly("run r1", "run r2");
    }

    @Test
    void aListenerThatIsCutGoesOnAtAnotherNodeAndLosesNothing() {
        var other = node(10);
        var ear = listening(feed, Labels.ALL);
        run("r1", "plans");
        run("r2", "plans");
        move("r1", NOON.plusSeconds(60));
        clock.advance(Duration.ofSeconds(61));
        feed.look();
        feed.leave(ear);
        move("r2", NOON.plusSeconds(90));
        clock.advance(Duration.ofSeconds(60));

        var again = new Ear(Labels.ALL);
        other.join(ear.lastId(), () -> again);

        assertThat(again.things()).contains("run r2", "cluster node-a");
        assertThat(Long.parseLong(again.lastId())).isGreaterThan(Long.parseLong(ear.lastId()));
    }

    @Test
    void positionsOfAllNodesAreOfOneClock() {
        var other = node(10);
        var here = listening(feed, Labels.ALL);
        var there = listening(other, Labels.ALL);
        run("r1", "plans");
        move("r1", NOON.plusMillis(10));
        clock.advance(Duration.ofSeconds(1));

        feed.look();
        other.look();

        assertThat(here.changes()).isEqualTo(there.changes()).hasSize(1);
        assertThat(here.lastId()).isEqualTo(there.lastId());
    }

    @Test
    void whoWasAwayTooLongOrComesWithNonsenseIsToFetchEverything() {
        clock.advance(Duration.ofMinutes(20));
        var late = new Ear(Labels.ALL);
        var odd = new Ear(Labels.ALL);
        var ahead = new Ear(Labels.ALL);

        feed.join(Frames.id(clock.now().minus(Duration.ofMinutes(6))), () -> late);
        feed.join("'; drop table run", () -> odd);
        feed.join(Frames.id(clock.now().plus(Duration.ofHours(1))), () -> ahead);

        assertThat(late.text()).contains("event: reset");
        assertThat(odd.text()).contains("event: reset");
        assertThat(ahead.text()).contains("event: reset");
    }

    @Test
    void aNewListenerHearsWhatHappenedWhileItsPageWasMade() {
        run("r1", "plans");
        move("r1", NOON.minusSeconds(2));

        var ear = listening(feed, Labels.ALL);

        assertThat(ear.things()).containsExactly("run r1");
    }

    @Test
    void peopleHearOnlyOfWhatIsWithinTheirReach() {
        system("crm", "risk");
        system("shared", null);
        run("mine", "plans");
        run("theirs", "prices");
        var bea = listening(feed, BILLING);
        var all = listening(feed, Labels.ALL);
        move("mine", NOON.plusMillis(1));
        move("theirs", NOON.plusMillis(2));
        message("m-of-mine", NOON.plusMillis(3));
        jdbc.sql("update run set trigger_id = 'm-of-mine' where run_id = 'mine'")
                .update();
        message("m-without-run", NOON.plusMillis(4));
        incident("i-mine", "plans", NOON.plusMillis(5));
        incident("i-theirs", "prices", NOON.plusMillis(6));
        audit("taskgroup", "plans", NOON.plusMillis(7));
        audit("taskgroup", "prices", NOON.plusMillis(8));
        audit("system", "crm", NOON.plusMillis(9));
        audit("system", "shared", NOON.plusMillis(10));
        audit("user", "ana", NOON.plusMillis(11));
        audit("trigger", "/a \"source\"\n", NOON.plusMillis(12));
        audit("scheduling", "all", NOON.plusMillis(13));
        clock.advance(Duration.ofSeconds(1));

        feed.look();

        assertThat(bea.things())
                .containsExactlyInAnyOrder(
                        "run mine", "trigger m-of-mine", "alert i-mine", "group plans", "system shared", "cluster all");
        assertThat(all.things())
                .containsExactlyInAnyOrder(
                        "run mine",
                        "run theirs",
                        "trigger m-of-mine",
                        "trigger m-without-run",
                        "alert i-mine",
                        "alert i-theirs",
                        "group plans",
                        "group prices",
                        "system crm",
                        "system shared",
                        "cluster all");
    }

    @Test
    void aNodeThatIsLostIsAChangeOfTheCluster() {
        var ear = listening(feed, BILLING);
        nodes.otherIsLive = false;
        clock.advance(Duration.ofSeconds(1));

        feed.look();

        assertThat(ear.things()).containsExactly("cluster node-b");
    }

    @Test
    void moreThanAListenerCanUseIsOneReset() {
        var ear = listening(feed, Labels.ALL);
        for (int i = 0; i <= LiveFeed.MOST_EVENTS; i++) {
            run("r" + i, "plans");
            move("r" + i, NOON.plusMillis(i));
        }
        clock.advance(Duration.ofSeconds(1));

        feed.look();

        assertThat(ear.changes()).isEmpty();
        assertThat(ear.text()).contains("event: reset");
    }

    @Test
    void aQuietLineIsHeardOfAndKeepsItsPosition() {
        var ear = listening(feed, Labels.ALL);
        ear.forget();
        clock.advance(Duration.ofSeconds(14));
        feed.look();
        assertThat(ear.text()).isEmpty();

        clock.advance(Duration.ofSeconds(1));
        feed.look();

        assertThat(ear.text()).startsWith(":").doesNotContain("data:");
        assertThat(ear.lastId()).isEqualTo(Frames.id(clock.now()));
    }

    @Test
    void aListenerWhoseTokenIsOverIsEnded() {
        var ear = listening(feed, Labels.ALL);
        ear.stands = false;
        clock.advance(Duration.ofSeconds(1));

        feed.look();

        assertThat(ear.ended).isTrue();
    }

    @Test
    void thereIsNoPlaceForMoreThanSoMany() {
        var small = node(1);
        listening(small, Labels.ALL);

        assertThatThrownBy(() -> small.join(null, () -> new Ear(Labels.ALL)))
                .isInstanceOfSatisfying(ProblemException.class, problem -> {
                    assertThat(problem.status()).isEqualTo(503);
                    assertThat(problem.headers()).containsKey("Retry-After");
                });
        assertThat(small.listening()).isEqualTo(1);
    }

    @Test
    void aNodeThatStopsEndsItsListeners() {
        var ear = listening(feed, Labels.ALL);

        feed.stop();

        assertThat(ear.ended).isTrue();
    }

    private static Ear listening(LiveFeed feed, Labels labels) {
        var ear = new Ear(labels);
        feed.join(null, () -> ear);
        return ear;
    }

    private void group(String key, String label) {
        jdbc.sql("insert into task_group (group_key, latest_version, created_at) values (:group, 1, :now)")
                .param("group", key)
                .param("now", JdbcTimes.toJdbc(NOON))
                .update();
        jdbc.sql("insert into task_group_label (group_key, label) values (:group, :label)")
                .param("group", key)
                .param("label", label)
                .update();
    }

    private void system(String key, @Nullable String label) {
        jdbc.sql("""
                        insert into sync_system (system_key, version_number, document, changed_at, changed_by)
                        values (:system, 1, '{}', :now, 'me')
                        """).param("system", key).param("now", JdbcTimes.toJdbc(NOON)).update();
        if (label != null) {
            jdbc.sql("insert into sync_system_label (system_key, label) values (:system, :label)")
                    .param("system", key)
                    .param("label", label)
                    .update();
        }
    }

    private void run(String id, String group) {
        jdbc.sql("""
                        insert into run (run_id, group_key, group_version, ordering_key, trigger_id, trigger_body, state,
                               inbox_place, version, created_at)
                        values (:run, :group, 1, 'k', :trigger, '{}', 'RUNNING', 1, 1, :now)
                        """)
                .param("run", id)
                .param("group", group)
                .param("trigger", "t-" + id)
                .param("now", JdbcTimes.toJdbc(NOON))
                .update();
    }

    /** Keys that sort by time, as nodes make them. */
    private String key(Instant at) {
        return Ids.first(at).substring(0, 24) + "%012d".formatted(number++);
    }

    private void move(String run, Instant at) {
        jdbc.sql("""
                        insert into journal (journal_id, run_id, to_state, cause, node_id, moved_at)
                        values (:id, :run, 'RUNNING', 'START', 'node-a', :at)
                        """)
                .param("id", key(at))
                .param("run", run)
                .param("at", JdbcTimes.toJdbc(at))
                .update();
    }

    private void message(String id, Instant at) {
        jdbc.sql("""
                        insert into trigger_message (trigger_id, source, message_id, event_type, status, content_hash,
                               event_body, client_id, transport, received_at)
                        values (:id, '/billing', :id, 'ready', 'ACCEPTED', 'hash', '{}', 'erp', 'REST', :at)
                        """).param("id", id).param("at", JdbcTimes.toJdbc(at)).update();
    }

    private void incident(String id, String group, Instant at) {
        jdbc.sql("""
                        insert into incident (incident_id, state, gathered_by, condition_name, cause, label_list, routes,
                               member_count, standing_count, group_count, opened_at, last_signal_at)
                        values (:id, 'OPEN', :id, 'REFUSED', 'cause', '[]', '[]', 1, 1, 1, :at, :at)
                        """).param("id", id).param("at", JdbcTimes.toJdbc(at)).update();
        jdbc.sql("""
                        insert into incident_member (member_id, incident_id, condition_name, subject, group_key, detail,
                               since_at, joined_at)
                        values (:member, :id, 'REFUSED', :member, :group, 'detail', :at, :at)
                        """)
                .param("member", "member-" + id)
                .param("id", id)
                .param("group", group)
                .param("at", JdbcTimes.toJdbc(at))
                .update();
        jdbc.sql("""
                        insert into incident_event (event_id, incident_id, kind, happened_at)
                        values (:event, :id, 'OPENED', :at)
                        """)
                .param("event", key(at))
                .param("id", id)
                .param("at", JdbcTimes.toJdbc(at))
                .update();
    }

    private void audit(String kind, String object, Instant at) {
        jdbc.sql("""
                        insert into audit_entry (audit_id, recorded_at, actor, action, object_kind, object_key)
                        values (:id, :at, 'me', 'put', :kind, :key)
                        """)
                .param("id", key(at))
                .param("at", JdbcTimes.toJdbc(at))
                .param("kind", kind)
                .param("key", object)
                .update();
    }

    /** Keeps what it is told. */
    private static final class Ear implements Listener {

        private static final Pattern CHANGE =
                Pattern.compile("data: \\{\"kind\":\"(.*?)\",\"id\":\"(.*?)\",\"version\":(\\d+)}");
        private static final Pattern ID = Pattern.compile("(?m)^id: (\\d+)$");

        private final Labels labels;
        private final StringBuilder heard = new StringBuilder();
        private boolean stands = true;
        private boolean ended;

        Ear(Labels labels) {
            this.labels = labels;
        }

        @Override
        public Labels labels() {
            return labels;
        }

        @Override
        public boolean stands() {
            return stands;
        }

        @Override
        public synchronized void tell(byte[] frames) {
            heard.append(new String(frames, StandardCharsets.UTF_8));
        }

        @Override
        public void end() {
            ended = true;
        }

        synchronized String text() {
            return heard.toString();
        }

        synchronized void forget() {
            heard.setLength(0);
        }

        List<String> changes() {
            return CHANGE.matcher(text())
                    .results()
                    .map(found -> found.group(1) + " " + found.group(2) + " " + found.group(3))
                    .toList();
        }

        List<String> things() {
            return CHANGE.matcher(text())
                    .results()
                    .map(found -> found.group(1) + " " + found.group(2))
                    .toList();
        }

        String lastId() {
            return ID.matcher(text())
                    .results()
                    .reduce((one, later) -> later)
                    .orElseThrow()
                    .group(1);
        }
    }

    private static final class TwoNodes implements Nodes {

        private boolean otherIsLive = true;

        @Override
        public String self() {
            return "node-a";
        }

        @Override
        public List<Node> all() {
            return List.of(
                    new Node("node-a", NOON, NOON, null, true, "1", 2, null),
                    new Node("node-b", NOON, NOON, null, otherIsLive, "1", 2, null));
        }

        @Override
        public int liveCount() {
            return 2;
        }

        @Override
        public int share(int clusterLimit) {
            return clusterLimit;
        }
    }
}
