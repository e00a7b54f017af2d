package io.syncline.scheduler.alert;

import static io.syncline.scheduler.catalog.AlertCondition.FAILED;
import static io.syncline.scheduler.catalog.AlertCondition.NODE_LOST;
import static io.syncline.scheduler.catalog.AlertCondition.OVERDUE;
import static io.syncline.scheduler.catalog.AlertCondition.QUEUE_BACKLOG;
import static io.syncline.scheduler.catalog.AlertCondition.REFUSED;
import static io.syncline.scheduler.catalog.AlertCondition.TIMED_OUT;
import static io.syncline.scheduler.testing.GroupFixture.aGroup;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import io.syncline.outbox.JdbcOutbox;
import io.syncline.scheduler.catalog.AlertCondition;
import io.syncline.scheduler.catalog.AlertRule;
import io.syncline.scheduler.catalog.AlertSignal;
import io.syncline.scheduler.catalog.CredentialExpiries;
import io.syncline.scheduler.catalog.Page;
import io.syncline.scheduler.catalog.PageRequest;
import io.syncline.scheduler.run.Backlogs;
import io.syncline.scheduler.security.ClientExpiries;
import io.syncline.scheduler.security.KeyExpiries;
import io.syncline.scheduler.security.KeyPurpose;
import io.syncline.scheduler.security.Labels;
import io.syncline.scheduler.security.ProblemException;
import io.syncline.scheduler.store.JdbcTimes;
import io.syncline.scheduler.store.Node;
import io.syncline.scheduler.store.Nodes;
import io.syncline.scheduler.store.SqlDialect;
import io.syncline.scheduler.testing.FixedTaskGroups;
import io.syncline.scheduler.testing.GroupFixture;
import io.syncline.scheduler.testing.SettableClock;
import io.syncline.scheduler.testing.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/** What becomes of signals, on every database, with time in the test's hand. */
abstract class AlertsContract {

    private static final List<String> NOBODY = List.of();
    private static final String CAUSE = "REFUSED 403 at data-consumer";

    abstract TestDatabase database();

    private final SettableClock clock = SettableClock.atNoon();
    private final FixedTaskGroups groups = new FixedTaskGroups();
    private final List<Node> lost = new ArrayList<>();
    private final List<Backlogs.Backlog> backlogs = new ArrayList<>();
    private final List<CredentialExpiries.Expiry> expiries = new ArrayList<>();
    private final List<KeyExpiries.Expiry> keys = new ArrayList<>();
    private AlertProperties properties = AlertProperties.standard();
    private TransactionTemplate transaction;
    private NamedParameterJdbcTemplate jdbc;
    private JdbcSignals signals;
    private Messages messages;
    private Incidents incidents;
    private Alerts alerts;
    private Deliveries sending;
    private Silences silences;

    @BeforeEach
    void open() {
        var dataSource = database().dataSource();
        jdbc = new NamedParameterJdbcTemplate(dataSource);
        for (var table : List.of(
                "alert_message",
                "incident_event",
                "incident_member",
                "incident",
                "alert_signal",
                "silence",
                "outbox_message",
                "outbox_key",
                "task_group_label",
                "task_group")) {
            jdbc.update("delete from " + table, Map.of());
        }
        jdbc.update("update alert_watch set looked_at = null", Map.of());
        transaction = database().transaction();
        use(AlertProperties.standard());
    }

    private void use(AlertProperties times) {
        properties = times;
        var dialect = SqlDialect.of(database().dataSource());
        signals = new JdbcSignals(jdbc, dialect);
        var rows = new JdbcIncidents(jdbc, dialect);
        var quiet = new JdbcSilences(database().jdbc());
        messages = new Messages(
                rows,
                new JdbcOutbox(database().dataSource(), database().transactions()),
                "https://sync.example.com",
                null);
        var platform = new PlatformConditions(
                signals,
                rows,
                new JdbcDeadLetters(database().jdbc()),
                new LostNodes(),
                before -> backlogs.stream()
                        .filter(backlog -> backlog.oldest().isBefore(before))
                        .toList(),
                before -> expiries.stream()
                        .filter(expiry -> expiry.at().isBefore(before))
                        .toList(),
                new ClientExpiries(database().jdbc()),
                now -> keys,
                properties);
        incidents = new Incidents(signals, rows, quiet, messages, platform, groups, clock, transaction, properties);
        alerts = new Alerts(rows, quiet, messages, clock, properties);
        sending = new Deliveries(new JdbcDeliveries(database().jdbc()), rows, messages, clock);
        silences = new Silences(quiet, rows, clock);
    }

    @Test
    void fortyFailuresOfOneCauseAreOneIncidentAndOneMessage() {
        given(
                aGroup("a").alerting(FAILED, "ops"),
                aGroup("b").alerting(FAILED, "ops"),
                aGroup("c").alerting(FAILED, "ops"));

        fail(IntStream.range(0, 40)
                .mapToObj(i -> refused("t" + i, List.of("a", "b", "c").get(i % 3)))
                .toList());
        tick();

        assertThat(messages()).isEmpty();
        var only = only();
        assertThat(only.state()).isEqualTo("OPEN");
        assertThat(only.count()).isEqualTo(40);
        assertThat(only.title()).isEqualTo("40 task runs of 3 groups failed: REFUSED 403 at data-consumer");
        after(Duration.ofSeconds(3));
        assertThat(messages()).containsExactly("TRIGGER ops");
        var notice = notices().get(0);
        assertThat(notice.count()).isEqualTo(40);
        assertThat(notice.items())
                .hasSize(10)
                .first()
                .satisfies(item -> assertThat(item.link()).isEqualTo("https://sync.example.com/api/v1/runs/run-t0"));
        assertThat(notice.more()).isEqualTo(30);
        after(Duration.ofHours(5));
        assertThat(messages()).containsExactly("TRIGGER ops");
    }

    @Test
    void aSecondSignalOfWhatStandsIsIgnored() {
        given(aGroup("a").alerting(FAILED, "ops"));

        fail(List.of(refused("t1", "a"), refused("t1", "a")));
        tick();
        fail(List.of(refused("t1", "a")));
        tick();

        assertThat(only().count()).isEqualTo(1);
    }

    @Test
    void otherCausesSystemsAndChannelsAreOtherIncidents() {
        given(aGroup("a").alerting(FAILED, "ops"), aGroup("b").alerting(FAILED, "others"));

        fail(List.of(
                refused("t1", "a"),
                signal(TIMED_OUT, "t2", "a", "data-consumer", "TIMED_OUT at data-consumer"),
                signal(REFUSED, "t3", "a", "shop", CAUSE),
                refused("t4", "b"),
                refused("t5", "a")));
        tick();

        assertThat(list()).hasSize(4);
        assertThat(list()).extracting(IncidentView::count).containsExactlyInAnyOrder(2, 1, 1, 1);
    }

    @Test
    void whatNoRuleTakesIsOnTheListAndGoesToTheDefaultChannels() {
        given(aGroup("a").alerting(OVERDUE, "ops"));
        fail(List.of(refused("t1", "a")));
        tick();
        after(Duration.ofSeconds(3));
        assertThat(only().channels()).isEmpty();
        assertThat(messages()).isEmpty();

        use(withChannels(List.of("default"), NOBODY));
        fail(List.of(refused("t2", "a"), signal(AlertCondition.SILENT, "t2", "a", "data-consumer", "SILENT")));
        tick();
        after(Duration.ofSeconds(3));

        assertThat(messages()).containsExactly("TRIGGER default");
        assertThat(list()).hasSize(3);
    }

    @Test
    void aThresholdHoldsTheFirstMessageUntilThereIsEnoughOfIt() {
        given(aGroup("a")
                .rule(new AlertRule(
                        List.of(FAILED), List.of("ops"), new AlertRule.Threshold(3, Duration.ofMinutes(10)), null)));

        fail(List.of(refused("t1", "a")));
        tick();
        after(Duration.ofMinutes(6));
        fail(List.of(refused("t2", "a")));
        tick();
        after(Duration.ofMinutes(6));
        fail(List.of(refused("t3", "a")));
        tick();
        assertThat(messages()).as("the first is longer ago than ten minutes").isEmpty();
        fail(List.of(refused("t4", "a")));
        tick();

        assertThat(messages()).containsExactly("TRIGGER ops");
        assertThat(only().count()).isEqualTo(4);
    }

    @Test
    void whatJoinsLaterIsToldOnceAMinuteAndAfterAnHourAnew() {
        given(aGroup("a").alerting(FAILED, "ops"));
        fail(List.of(refused("t1", "a")));
        tick();
        after(Duration.ofSeconds(3));
        for (int i = 2; i < 20; i++) {
            fail(List.of(refused("t" + i, "a")));
            after(Duration.ofSeconds(1));
        }
        assertThat(messages()).containsExactly("TRIGGER ops");
        after(Duration.ofSeconds(60));

        assertThat(messages()).containsExactly("TRIGGER ops", "UPDATE ops");
        assertThat(notices().get(1).count()).isEqualTo(19);
        after(Duration.ofHours(1));
        fail(List.of(refused("t99", "a")));
        tick();
        assertThat(list()).hasSize(2);
    }

    @Test
    void aMessageThatWaitedForItsChannelSaysWhatStandsWhenItIsSent() {
        given(aGroup("a").alerting(FAILED, "ops"), aGroup("b").alerting(FAILED, "ops"));
        fail(List.of(refused("t1", "a")));
        tick();
        after(Duration.ofSeconds(3));

        fail(List.of(refused("t2", "b"), refused("t3", "b")));
        tick();

        assertThat(messages()).containsExactly("TRIGGER ops");
        var notice = notices().get(0);
        assertThat(notice.title()).startsWith("3 task runs of 2 groups failed");
        assertThat(notice.count()).isEqualTo(3);
    }

    @Test
    void recoveryIsToldOnceAllMembersAreCuredAndOnlyToThoseWhoKnow() {
        given(aGroup("a").alerting(FAILED, "ops"));
        fail(List.of(refused("t1", "a"), refused("t2", "a")));
        tick();
        after(Duration.ofSeconds(3));

        cure(REFUSED, "task-run:t1", "task-run:never-stood");
        tick();
        assertThat(only().state()).isEqualTo("OPEN");
        assertThat(only().standing()).isEqualTo(1);
        cure(REFUSED, "task-run:t2");
        tick();

        assertThat(only().state()).isEqualTo("CLOSED");
        assertThat(messages()).containsExactly("TRIGGER ops", "RESOLVE ops");
        assertThat(count("alert_signal")).isZero();
        fail(List.of(refused("t1", "a")));
        tick();
        assertThat(list()).hasSize(2);
        cure(REFUSED, "task-run:t1");
        tick();
        assertThat(messages()).as("it was over before anybody was told").hasSize(2);
    }

    @Test
    void whatIsRaisedAndCuredBetweenTwoLooksLeavesNothingOpen() {
        given(aGroup("a").alerting(FAILED, "ops"));

        fail(List.of(refused("t1", "a")));
        cure(REFUSED, "task-run:t1");
        tick();

        assertThat(only().state()).isEqualTo("CLOSED");
        assertThat(messages()).isEmpty();
    }

    @Test
    void whatNobodyTakesUpIsEscalatedOnce() {
        given(aGroup("a").rule(escalating()));
        fail(List.of(refused("t1", "a")));
        tick();
        after(Duration.ofSeconds(3));
        after(Duration.ofMinutes(14));
        assertThat(messages()).containsExactly("TRIGGER ops");

        after(Duration.ofMinutes(1));
        after(Duration.ofHours(1));

        assertThat(messages()).containsExactly("TRIGGER ops", "ESCALATE boss");
        cure(REFUSED, "task-run:t1");
        tick();
        assertThat(messages()).containsExactly("TRIGGER ops", "ESCALATE boss", "RESOLVE boss", "RESOLVE ops");
    }

    @Test
    void whatSomebodyHasTakenUpIsNotEscalatedAndEndsWithAMessage() {
        given(aGroup("a").rule(escalating()));
        fail(List.of(refused("t1", "a")));
        tick();
        after(Duration.ofSeconds(3));

        var dry = acknowledge(only().alertId(), true);
        assertThat(dry.state()).isEqualTo("ACKNOWLEDGED");
        assertThat(only().state()).isEqualTo("OPEN");
        acknowledge(only().alertId(), false);
        fail(List.of(refused("t2", "a")));
        after(Duration.ofMinutes(30));

        assertThat(only().state()).isEqualTo("ACKNOWLEDGED");
        assertThat(only().acknowledged()).isNotNull();
        assertThat(messages()).containsExactly("TRIGGER ops", "ACKNOWLEDGE ops");
        assertThatThrownBy(() -> acknowledge(only().alertId(), false))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        problem -> assertThat(problem.status()).isEqualTo(409));
        cure(REFUSED, "task-run:t1", "task-run:t2");
        tick();
        assertThat(messages()).endsWith("RESOLVE ops");
    }

    @Test
    void aSilenceHoldsMessagesUntilItExpiresAndShowsBeforehandWhatItQuiets() {
        given(aGroup("shop-daily").alerting(FAILED, "ops"), aGroup("b").alerting(FAILED, "ops"));
        fail(List.of(refused("t1", "shop-daily"), signal(REFUSED, "t2", "b", "other", "REFUSED 403 at other")));
        tick();
        var until = clock.now().plus(Duration.ofMinutes(10));
        var matcher = new Silences.Matcher("group", null, "shop-*");

        var preview = silence(matcher, until, true);
        assertThat(preview.quiets()).hasSize(1);
        assertThat(silences()).isEmpty();
        silence(matcher, until, false);
        after(Duration.ofSeconds(3));

        assertThat(messages()).containsExactly("TRIGGER ops");
        assertThat(notices().get(0).groups()).containsExactly("b");
        assertThat(list()).filteredOn(view -> view.silencedUntil() != null).hasSize(1);
        after(Duration.ofMinutes(10));
        assertThat(messages()).containsExactly("TRIGGER ops", "TRIGGER ops");
        assertThat(silences()).extracting(Silences.View::state).containsExactly("EXPIRED");
    }

    @Test
    void aSilenceThatBeginsLaterQuietsFromThenOnAndShowsBeforehandWhatItWould() {
        given(aGroup("a").alerting(FAILED, "ops"));
        fail(List.of(refused("t1", "a")));
        tick();
        var all = List.of(new Silences.Matcher("group", "a", null));
        var from = clock.now().plus(Duration.ofMinutes(5));
        var until = from.plus(Duration.ofMinutes(10));

        var preview = inTransaction(() -> silences.create(all, from, until, "why", "op", true, Labels.ALL));
        assertThat(preview.quiets()).hasSize(1);
        assertThat(preview.state()).isEqualTo("UPCOMING");
        inTransaction(() -> silences.create(all, from, until, "why", "op", false, Labels.ALL));
        after(Duration.ofSeconds(3));
        assertThat(messages()).containsExactly("TRIGGER ops");
        after(Duration.ofMinutes(6));
        fail(List.of(refused("t2", "a")));
        tick();

        assertThat(silences()).extracting(Silences.View::state).containsExactly("STANDING");
        assertThat(only().silencedUntil()).isEqualTo(until);
        assertThat(messages()).containsExactly("TRIGGER ops");
        after(Duration.ofMinutes(10));
        assertThat(messages()).containsExactly("TRIGGER ops", "UPDATE ops");
        assertThatThrownBy(() -> inTransaction(() -> silences.create(all, until, until, "why", "op", true, Labels.ALL)))
                .isInstanceOf(ProblemException.class);
    }

    @Test
    void aChannelTellsWhatItWasGivenToThoseWhoReachTheIncident() {
        given(
                aGroup("a").alerting(FAILED, "ops").labels("billing"),
                aGroup("b").alerting(FAILED, "ops").labels("risk"));
        fail(List.of(refused("t1", "a"), signal(REFUSED, "t2", "b", "other", "REFUSED 403 at other")));
        tick();
        after(Duration.ofSeconds(3));

        var first = alerts.deliveries("ops", PageRequest.of("1", null), Labels.ALL);
        var rest = alerts.deliveries("ops", PageRequest.of("1", first.nextCursor()), Labels.ALL);
        assertThat(List.of(first.items().get(0), rest.items().get(0)))
                .extracting(ChannelDelivery::kind, ChannelDelivery::state)
                .containsOnly(org.assertj.core.groups.Tuple.tuple("TRIGGER", "PENDING"));
        assertThat(rest.nextCursor()).isNull();
        assertThat(alerts.deliveries("ops", PageRequest.of(null, null), Labels.of(List.of("billing")))
                        .items())
                .extracting(ChannelDelivery::cause)
                .containsExactly(CAUSE);
        assertThat(alerts.deliveries("others", PageRequest.of(null, null), Labels.ALL)
                        .items())
                .isEmpty();
    }

    @Test
    void whatHasJoinedSinceATimeIsReadByGroup() {
        given(aGroup("a").alerting(FAILED, "ops"), aGroup("b").alerting(FAILED, "ops"));
        fail(List.of(refused("t1", "a")));
        tick();
        clock.advance(Duration.ofDays(8));
        fail(List.of(refused("t2", "a"), refused("t3", "b")));
        tick();

        var rows = new JdbcIncidents(jdbc, SqlDialect.of(database().dataSource()));
        assertThat(rows.joinedSince(clock.now().minus(Duration.ofDays(7)), List.of("a"), 10))
                .singleElement()
                .satisfies(joined -> assertThat(joined.condition()).isEqualTo(REFUSED));
        assertThat(rows.joinedSince(clock.now().minus(Duration.ofDays(9)), List.of("a", "b"), 2))
                .hasSize(2);
    }

    @Test
    void aSilenceThatIsEndedLetsTheMessagesGo() {
        given(aGroup("a").alerting(FAILED, "ops"));
        var silence = silence(
                new Silences.Matcher("condition", "FAILED", null), clock.now().plus(Duration.ofHours(1)), false);
        fail(List.of(refused("t1", "a")));
        tick();
        after(Duration.ofMinutes(1));
        assertThat(messages()).isEmpty();

        inTransaction(() -> silences.end(String.valueOf(silence.silenceId()), "op", false, Labels.ALL));
        tick();

        assertThat(messages()).containsExactly("TRIGGER ops");
    }

    @Test
    void theSilenceOfALimitedPersonQuietsOnlyWhatThatPersonReaches() {
        given(
                aGroup("a").alerting(FAILED, "ops").labels("billing"),
                aGroup("b").alerting(FAILED, "ops").labels("risk"));
        var all = new Silences.Matcher("group", null, "*");
        var until = clock.now().plus(Duration.ofHours(1));
        inTransaction(
                () -> silences.create(List.of(all), null, until, "why", "op", false, Labels.of(List.of("billing"))));

        fail(List.of(refused("t1", "a"), refused("t2", "b")));
        tick();
        after(Duration.ofSeconds(3));

        assertThat(notices())
                .singleElement()
                .satisfies(notice -> assertThat(notice.groups()).containsExactly("b"));
        assertThat(inTransaction(() -> silences.list(PageRequest.of(null, null), Labels.of(List.of("risk"))))
                        .items())
                .isEmpty();
    }

    @Test
    void incidentsFollowTheLabelsOfTheirGroups() {
        given(aGroup("a").labels("billing"), aGroup("b").labels("risk"));
        lost.add(node("n1"));
        fail(List.of(refused("t1", "a"), refused("t2", "b")));
        tick();

        var billing = Labels.of(List.of("billing"));
        assertThat(list()).hasSize(3);
        var seen = list(billing);
        assertThat(seen)
                .singleElement()
                .satisfies(view -> assertThat(view.groups()).containsExactly("a"));
        var foreign = list().stream()
                .filter(view -> view.groups().contains("b"))
                .findFirst()
                .orElseThrow();
        assertThatThrownBy(() -> alerts.get(foreign.alertId(), billing))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        problem -> assertThat(problem.status()).isEqualTo(404));
        assertThatThrownBy(
                        () -> inTransaction(() -> alerts.acknowledge(foreign.alertId(), "op", "why", false, billing)))
                .isInstanceOf(ProblemException.class);
    }

    @Test
    void aLostNodeAndWorkThatWaitsAreFoundAndPass() {
        use(withChannels(NOBODY, List.of("platform")));
        lost.add(node("n1"));
        backlogs.add(new Backlogs.Backlog("shop", clock.now().minus(Duration.ofMinutes(6))));
        tick();
        after(Duration.ofSeconds(3));
        assertThat(list()).extracting(IncidentView::condition).containsExactlyInAnyOrder("NODE_LOST", "QUEUE_BACKLOG");
        assertThat(messages()).containsExactly("TRIGGER platform", "TRIGGER platform");

        lost.clear();
        backlogs.clear();
        after(Duration.ofSeconds(3));

        assertThat(list()).extracting(IncidentView::state).containsOnly("CLOSED");
        assertThat(list(IncidentFilter.of(null, null, List.of(NODE_LOST.name(), QUEUE_BACKLOG.name()))))
                .hasSize(2);
    }

    @Test
    void aDeadLetterAndACredentialThatEndsAreFound() {
        expiries.add(new CredentialExpiries.Expiry("shop", "plans", clock.now().plus(Duration.ofDays(13))));
        expiries.add(new CredentialExpiries.Expiry("shop", "later", clock.now().plus(Duration.ofDays(15))));
        jdbc.update("""
                insert into outbox_message (id, kind, ordering_key, key_sequence, target, state, deliveries, fence,
                    due_at, created_at, ended_at)
                values ('m1', 'alert', 'alert:ops', 1, 'ops', 'DEAD', 3, 1, :now, :now, :now)
                """, Map.of("now", java.time.OffsetDateTime.ofInstant(clock.now(), java.time.ZoneOffset.UTC)));
        tick();

        assertThat(list())
                .extracting(IncidentView::title)
                .containsExactlyInAnyOrder(
                        "1 queue has dead letters: alert over ops", "1 credential ends soon: credentials of shop");
    }

    @Test
    void aKeyOfThePlatformThatNothingReplacesIsFoundAndPasses() {
        use(withChannels(NOBODY, List.of("platform")));
        keys.add(new KeyExpiries.Expiry(KeyPurpose.TOKEN, "k1", clock.now().minusSeconds(3600), true));
        keys.add(new KeyExpiries.Expiry(KeyPurpose.CALLBACK, "k2", clock.now(), false));
        tick();
        after(Duration.ofSeconds(3));

        assertThat(only().title()).isEqualTo("2 keys end soon: keys of the platform");
        assertThat(only().members())
                .extracting(IncidentView.MemberView::detail)
                .satisfiesExactlyInAnyOrder(
                        still -> assertThat(still).contains("TOKEN key k1 still signs", "2026"),
                        alone -> assertThat(alone).contains("CALLBACK key k2 has no next key"));
        assertThat(messages()).containsExactly("TRIGGER platform");
        keys.clear();
        after(Duration.ofSeconds(3));
        assertThat(only().state()).isEqualTo("CLOSED");
    }

    @Test
    void whatWasWrittenFirstIsTakenFirstWhicheverTransactionBeganFirst() throws Exception {
        given(aGroup("a").alerting(FAILED, "ops"));
        var begun = new CountDownLatch(1);
        var raised = new CountDownLatch(1);
        var older = new Thread(() -> transaction.executeWithoutResult(status -> {
            // the transaction begins with its first statement
            count("incident");
            begun.countDown();
            awaited(raised);
            signals.cure(REFUSED, List.of("task-run:t1"));
        }));
        older.start();
        awaited(begun);

        fail(List.of(refused("t1", "a")));
        raised.countDown();
        older.join();
        tick();

        assertThat(only().state()).isEqualTo("CLOSED");
    }

    private static void awaited(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aMessageThatWasGivenUpIsSentAgainOnceAnOperatorSaysSo() {
        given(aGroup("a").alerting(FAILED, "ops", "chat"));
        fail(List.of(refused("t1", "a")));
        tick();
        after(Duration.ofSeconds(3));
        var id = only().alertId();
        assertThat(messages()).containsExactly("TRIGGER chat", "TRIGGER ops");
        assertThat(only().allowedActions()).containsExactly("acknowledge");
        assertThatThrownBy(() -> resend(id, false)).isInstanceOfSatisfying(ProblemException.class, problem -> {
            assertThat(problem.status()).isEqualTo(409);
            assertThat(problem.body())
                    .containsEntry("currentState", "OPEN")
                    .containsEntry("allowedActions", List.of("acknowledge"));
        });

        giveUp("ops");
        assertThat(only().allowedActions()).containsExactly("acknowledge", "resend");
        assertThat(list().get(0).allowedActions()).containsExactly("acknowledge", "resend");
        var dry = resend(id, true);
        assertThat(deliveries()).containsExactly("chat PENDING", "ops DEAD");
        var sent = resend(id, false);

        assertThat(dry.messages()).isEqualTo(sent.messages());
        assertThat(sent.messages())
                .singleElement()
                .satisfies(message -> assertThat(message.channel()).isEqualTo("ops"));
        assertThat(deliveries()).containsExactly("chat PENDING", "ops PENDING");
        assertThat(only().allowedActions()).containsExactly("acknowledge");
        assertThat(only().history())
                .last()
                .isEqualTo(new IncidentView.Event(clock.now(), "RESENT", "op", "the channel is back"));
        assertThatThrownBy(() -> resend(id, false)).isInstanceOf(ProblemException.class);
    }

    @Test
    void onlyTheLastMessageOfAChannelIsSentAgain() {
        given(aGroup("a").alerting(FAILED, "ops"));
        fail(List.of(refused("t1", "a")));
        tick();
        after(Duration.ofSeconds(3));
        giveUp("ops");
        fail(List.of(refused("t2", "a")));
        after(Duration.ofMinutes(2));
        assertThat(deliveries()).containsExactly("ops DEAD", "ops PENDING");
        assertThat(refusal().allowedActions()).doesNotContain("resend");

        giveUp("ops");
        jdbc.update("delete from outbox_message", Map.of());
        var sent = resend(refusal().alertId(), false);

        assertThat(sent.messages()).extracting(ResendView.Resent::kind).containsExactly("UPDATE");
        assertThat(messages())
                .as("the outbox had forgotten it")
                .containsExactly("TRIGGER ops", "UPDATE ops", "UPDATE ops");
        assertThat(deliveries()).containsExactly("ops DEAD", "ops DEAD", "ops PENDING");
    }

    @Test
    void ofAnIncidentThatIsOverItsEndAloneIsSentAgain() {
        given(aGroup("a").alerting(FAILED, "ops"));
        fail(List.of(refused("t1", "a")));
        tick();
        after(Duration.ofSeconds(3));
        giveUp("ops");
        after(Duration.ofDays(7));
        assertThat(refusal().state()).isEqualTo("CLOSED");
        assertThat(refusal().allowedActions()).isEmpty();
        assertThatThrownBy(() -> resend(refusal().alertId(), false)).isInstanceOf(ProblemException.class);

        fail(List.of(refused("t2", "a")));
        tick();
        after(Duration.ofSeconds(3));
        cure(REFUSED, "task-run:t2");
        tick();
        giveUp("ops");
        var closed = refusal();

        assertThat(closed.allowedActions()).containsExactly("resend");
        assertThat(resend(closed.alertId(), false).messages())
                .extracting(ResendView.Resent::kind)
                .containsExactly("RESOLVE");
    }

    @Test
    void nobodySendsAgainWhatIsOutOfReach() {
        given(aGroup("a").alerting(FAILED, "ops").labels("risk"));
        fail(List.of(refused("t1", "a")));
        tick();
        after(Duration.ofSeconds(3));
        giveUp("ops");
        var id = only().alertId();
        var billing = Labels.of(List.of("billing"));

        assertThatThrownBy(() -> inTransaction(() -> alerts.resend(id, "op", "why", false, billing)))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        problem -> assertThat(problem.status()).isEqualTo(404));
        assertThat(deliveries()).containsExactly("ops DEAD");
    }

    @Test
    void whatWasGivenUpIsToldByItsCauseAndSentAgainTogether() {
        given(aGroup("a").alerting(FAILED, "ops", "chat"), aGroup("b").alerting(FAILED, "ops"));
        fail(List.of(refused("t1", "a"), signal(REFUSED, "t2", "b", "other", "REFUSED 403 at other")));
        tick();
        after(Duration.ofSeconds(3));
        giveUp("ops", "answered 401");

        var summary = sending.summary(Labels.ALL);
        assertThat(summary.complete()).isTrue();
        assertThat(summary.channels())
                .extracting(
                        DeliverySummary.ChannelLine::channel,
                        DeliverySummary.ChannelLine::waiting,
                        DeliverySummary.ChannelLine::dead,
                        DeliverySummary.ChannelLine::lastCause)
                .containsExactly(tuple("chat", 1, 0, null), tuple("ops", 0, 2, "answered 401"));
        assertThat(summary.channels().get(0).nextAt()).isNotNull();
        assertThat(summary.dead()).singleElement().satisfies(cause -> {
            assertThat(cause.channel()).isEqualTo("ops");
            assertThat(cause.cause()).isEqualTo("answered 401");
            assertThat(cause.count()).isEqualTo(2);
            assertThat(cause.resendable()).isEqualTo(2);
            assertThat(cause.newest().allowedActions()).containsExactly("resend", "discard");
        });
        assertThat(sending.dead(Labels.ALL, 1)).isEqualTo(1);
        assertThat(sending.dead(Labels.ALL, 10)).isEqualTo(2);

        var first = undelivered(DeliveryFilter.of("DEAD", "ops", "answered 401", null), "1", null);
        var rest = undelivered(DeliveryFilter.of("DEAD", "ops", "answered 401", null), "1", first.nextCursor());
        assertThat(rest.nextCursor()).isNull();
        assertThat(undelivered(DeliveryFilter.of("DEAD", "ops", "other", null), null, null)
                        .items())
                .isEmpty();
        assertThat(undelivered(DeliveryFilter.of("DEAD", "ops", "", null), null, null)
                        .items())
                .isEmpty();
        assertThat(undelivered(DeliveryFilter.of(null, null, null, null), null, null)
                        .items())
                .extracting(DeliveryView::channel, DeliveryView::state)
                .containsExactlyInAnyOrder(tuple("chat", "PENDING"), tuple("ops", "DEAD"), tuple("ops", "DEAD"));
        var one = first.items().get(0).messageId();
        assertThat(undelivered(DeliveryFilter.of(null, null, null, List.of(one, "none")), null, null)
                        .items())
                .extracting(DeliveryView::messageId)
                .containsExactly(one);
        var ids = List.of(one, rest.items().get(0).messageId(), "no-such-message");

        var dry = inTransaction(() -> sending.resend(ids, "op", "it is back", true, Labels.ALL));
        assertThat(dead()).hasSize(2);
        var sent = inTransaction(() -> sending.resend(ids, "op", "it is back", false, Labels.ALL));

        assertThat(dry.messages()).isEqualTo(sent.messages()).hasSize(2);
        assertThat(sent.left()).singleElement().satisfies(left -> {
            assertThat(left.messageId()).isEqualTo("no-such-message");
            assertThat(left.reason()).isEqualTo("NOT_FOUND");
        });
        assertThat(dead()).isEmpty();
        assertThat(undelivered(DeliveryFilter.of("PENDING", "ops", null, null), null, null)
                        .items())
                .hasSize(2)
                .filteredOn(delivery -> delivery.nextAt() != null)
                .as("one waits for the other")
                .hasSize(1);
        assertThat(alerts.get(first.items().get(0).alertId(), Labels.ALL).history())
                .last()
                .isEqualTo(new IncidentView.Event(clock.now(), "RESENT", "op", "it is back"));
        assertThat(inTransaction(() -> sending.resend(ids, "op", "again", false, Labels.ALL))
                        .left())
                .extracting(DeliveryAction.Left::reason)
                .containsExactly("NOT_DEAD", "NOT_DEAD", "NOT_FOUND");
    }

    @Test
    void aMessageThatALaterOneFollowedIsNoDeadLetterAndIsForgottenWithTheLast() {
        given(aGroup("a").alerting(FAILED, "ops"));
        fail(List.of(refused("t1", "a")));
        tick();
        after(Duration.ofSeconds(3));
        giveUp("ops", "answered 401");
        fail(List.of(refused("t2", "a")));
        after(Duration.ofMinutes(2));
        assertThat(dead()).isEmpty();
        giveUp("ops", "answered 410");
        var last = dead();
        assertThat(last).singleElement().satisfies(letter -> {
            assertThat(letter.kind()).isEqualTo("UPDATE");
            assertThat(letter.lastCause()).isEqualTo("answered 410");
        });
        var ids = List.of(last.get(0).messageId());

        var dry = inTransaction(() -> sending.discard(ids, "op", "nobody reads it", true, Labels.ALL));
        assertThat(count("outbox_message")).isEqualTo(2);
        var done = inTransaction(() -> sending.discard(ids, "op", "nobody reads it", false, Labels.ALL));

        assertThat(dry.messages()).isEqualTo(done.messages()).hasSize(1);
        assertThat(count("outbox_message")).isZero();
        assertThat(dead()).isEmpty();
        assertThat(sending.dead(Labels.ALL, 10)).isZero();
        assertThat(deliveries()).containsExactly("ops DEAD", "ops DEAD");
        assertThat(refusal().history())
                .last()
                .isEqualTo(new IncidentView.Event(clock.now(), "DISCARDED", "op", "nobody reads it"));
        assertThat(resend(refusal().alertId(), false).messages())
                .as("from the alert it can still be sent")
                .hasSize(1);
    }

    @Test
    void ofAnAlertThatIsOverADeadLetterCanBeForgottenButNotSent() {
        given(aGroup("a").alerting(FAILED, "ops"));
        fail(List.of(refused("t1", "a")));
        tick();
        after(Duration.ofSeconds(3));
        giveUp("ops", "answered 401");
        after(Duration.ofDays(7));
        var ids = dead().stream().map(DeliveryView::messageId).toList();
        assertThat(dead())
                .singleElement()
                .satisfies(letter -> assertThat(letter.allowedActions()).containsExactly("discard"));
        assertThat(sending.summary(Labels.ALL).dead().get(0).resendable()).isZero();

        assertThat(inTransaction(() -> sending.resend(ids, "op", "why", false, Labels.ALL))
                        .left())
                .extracting(DeliveryAction.Left::reason)
                .containsExactly("OVER");
        assertThat(inTransaction(() -> sending.discard(ids, "op", "why", false, Labels.ALL))
                        .messages())
                .hasSize(1);
    }

    @Test
    void nobodySeesSendsOrForgetsDeadLettersOutOfReach() {
        given(aGroup("a").alerting(FAILED, "ops").labels("risk"));
        fail(List.of(refused("t1", "a")));
        tick();
        after(Duration.ofSeconds(3));
        giveUp("ops", "answered 401");
        var ids = dead().stream().map(DeliveryView::messageId).toList();
        var billing = Labels.of(List.of("billing"));

        assertThat(sending.summary(billing).channels()).isEmpty();
        assertThat(sending.summary(billing).dead()).isEmpty();
        assertThat(sending.dead(billing, 10)).isZero();
        assertThat(sending.dead(Labels.of(List.of("risk")), 10)).isEqualTo(1);
        assertThat(sending.list(DeliveryFilter.of("DEAD", null, null, null), PageRequest.of(null, null), billing)
                        .items())
                .isEmpty();
        for (var action : List.of(
                inTransaction(() -> sending.resend(ids, "op", "why", false, billing)),
                inTransaction(() -> sending.discard(ids, "op", "why", false, billing)))) {
            assertThat(action.messages()).isEmpty();
            assertThat(action.left()).extracting(DeliveryAction.Left::reason).containsExactly("NOT_FOUND");
        }
        assertThat(dead()).hasSize(1);
    }

    @Test
    void whatWasSentInTheLastDayIsCounted() {
        given(aGroup("a").alerting(FAILED, "ops").labels("risk"));
        fail(List.of(refused("t1", "a")));
        tick();
        after(Duration.ofSeconds(3));
        var now = Map.of("now", JdbcTimes.toJdbc(clock.now()));
        jdbc.update("update outbox_message set state = 'DELIVERED', ended_at = :now", now);
        jdbc.update("update alert_message set sent_at = :now", now);

        assertThat(sending.summary(Labels.of(List.of("risk"))).channels())
                .containsExactly(new DeliverySummary.ChannelLine("ops", 1, 0, 0, clock.now(), null, null, null));
        assertThat(undelivered(DeliveryFilter.of("SENT", null, null, null), null, null)
                        .items())
                .extracting(DeliveryView::state, DeliveryView::sentAt)
                .containsExactly(tuple("SENT", clock.now()));
        clock.advance(Duration.ofDays(2));
        assertThat(sending.summary(Labels.ALL).channels()).isEmpty();
    }

    @Test
    void anUnknownStateOfDeliveriesIsRefusedByName() {
        assertThatThrownBy(() -> DeliveryFilter.of("LOST", null, null, null))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        problem -> assertThat(problem.status()).isEqualTo(400));
    }

    private Page<DeliveryView> undelivered(DeliveryFilter filter, @Nullable String limit, @Nullable String cursor) {
        return sending.list(filter, PageRequest.of(limit, cursor), Labels.ALL);
    }

    private List<DeliveryView> dead() {
        return undelivered(DeliveryFilter.of("DEAD", null, null, null), null, null)
                .items();
    }

    private void giveUp(String channel, String cause) {
        jdbc.update(
                "update alert_message set last_cause = :cause, deliveries = 1 where channel_key = :channel and sent_at is null"
                        + " and outbox_id in (select id from outbox_message where state = 'PENDING')",
                Map.of("channel", channel, "cause", cause));
        giveUp(channel);
    }

    /** The newest; what is given up is an incident as well. */
    private IncidentView refusal() {
        var refusals = list(IncidentFilter.of(null, null, List.of(REFUSED.name())));
        return alerts.get(refusals.get(0).alertId(), Labels.ALL);
    }

    private void giveUp(String channel) {
        jdbc.update(
                "update outbox_message set state = 'DEAD', ended_at = current_timestamp"
                        + " where target = :channel and state = 'PENDING'",
                Map.of("channel", channel));
    }

    private ResendView resend(String id, boolean dryRun) {
        return inTransaction(() -> alerts.resend(id, "op", "the channel is back", dryRun, Labels.ALL));
    }

    private List<String> deliveries() {
        return Objects.requireNonNull(refusal().deliveries()).stream()
                .map(delivery -> delivery.channel() + " " + delivery.state())
                .toList();
    }

    @Test
    void whatHearsNothingForAWeekIsClosedInSilenceAndForgottenAfterAQuarter() {
        given(aGroup("a").alerting(FAILED, "ops"));
        fail(List.of(refused("t1", "a")));
        tick();
        after(Duration.ofSeconds(3));

        after(Duration.ofDays(7));
        assertThat(only().state()).isEqualTo("CLOSED");
        assertThat(only().standing()).isZero();
        assertThat(messages()).containsExactly("TRIGGER ops");
        after(Duration.ofDays(91));
        transaction.executeWithoutResult(status -> alerts.purge());

        assertThat(list()).isEmpty();
        assertThat(count("incident_member") + count("alert_message")).isZero();
    }

    @Test
    void everyFailureIsInExactlyOneIncidentHoweverManyNodesLook() throws Exception {
        given(aGroup("a").alerting(FAILED, "ops"));
        var threads = new ArrayList<Thread>();
        for (int n = 0; n < 4; n++) {
            int node = n;
            threads.add(new Thread(() -> {
                for (int i = 0; i < 25; i++) {
                    fail(List.of(refused("n" + node + "t" + i, "a")));
                    tick();
                }
            }));
        }
        threads.forEach(Thread::start);
        for (var thread : threads) {
            thread.join();
        }
        tick();

        assertThat(count("incident_member")).isEqualTo(100);
        assertThat(only().count()).isEqualTo(100);
        assertThat(count("alert_signal")).isZero();
    }

    @Test
    void aSignalOfATransactionThatIsUndoneIsNeverHeardOf() {
        transaction.executeWithoutResult(status -> {
            signals.raise(List.of(refused("t1", "a")));
            status.setRollbackOnly();
        });
        tick();

        assertThat(list()).isEmpty();
    }

    @Test
    void aListIsReadInPartsAndByState() {
        given(aGroup("a"));
        for (int i = 0; i < 5; i++) {
            fail(List.of(signal(REFUSED, "t" + i, "a", "s" + i, "cause " + i)));
        }
        tick();
        acknowledge(list().get(0).alertId(), false);

        var filter = IncidentFilter.of(List.of("OPEN"), List.of("a"), List.of("FAILED"));
        var first = alerts.list(filter, PageRequest.of("3", null), Labels.ALL);
        var rest = alerts.list(filter, PageRequest.of("3", first.nextCursor()), Labels.ALL);

        assertThat(first.items()).hasSize(3);
        assertThat(rest.items()).hasSize(1);
        assertThat(rest.nextCursor()).isNull();
        assertThatThrownBy(() -> IncidentFilter.of(List.of("open"), null, List.of("X")))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        problem -> assertThat(problem.status()).isEqualTo(400));
    }

    private static AlertRule escalating() {
        return new AlertRule(
                List.of(FAILED),
                List.of("ops"),
                null,
                new AlertRule.Escalation(Duration.ofMinutes(15), List.of("boss")));
    }

    private void given(GroupFixture... fixtures) {
        for (var fixture : fixtures) {
            var group = fixture.build();
            groups.put(group);
            jdbc.update(
                    "insert into task_group (group_key, latest_version, created_at) values (:key, 1, current_timestamp)",
                    Map.of("key", group.key()));
            for (var label : group.labels()) {
                jdbc.update(
                        "insert into task_group_label (group_key, label) values (:key, :label)",
                        Map.of("key", group.key(), "label", label));
            }
        }
    }

    private void fail(Collection<AlertSignal> raised) {
        transaction.executeWithoutResult(status -> signals.raise(raised));
    }

    private void cure(AlertCondition condition, String... subjects) {
        transaction.executeWithoutResult(status -> signals.cure(condition, List.of(subjects)));
    }

    private AlertSignal refused(String taskRun, String group) {
        return signal(REFUSED, taskRun, group, "data-consumer", CAUSE);
    }

    private AlertSignal signal(
            AlertCondition condition, String taskRun, @Nullable String group, String system, String cause) {
        return new AlertSignal(
                condition,
                AlertSignal.taskRun(taskRun),
                group,
                system,
                "run-" + taskRun,
                taskRun,
                cause,
                "The task run " + taskRun + " failed.",
                clock.now());
    }

    private void tick() {
        while (incidents.take()) {
            // the next piece
        }
    }

    private void after(Duration time) {
        clock.advance(time);
        tick();
        tick();
    }

    private List<IncidentView> list() {
        return list(Labels.ALL);
    }

    private List<IncidentView> list(Labels labels) {
        return alerts.list(IncidentFilter.of(null, null, null), PageRequest.of(null, null), labels)
                .items();
    }

    private List<IncidentView> list(IncidentFilter filter) {
        return alerts.list(filter, PageRequest.of(null, null), Labels.ALL).items();
    }

    private IncidentView only() {
        assertThat(list()).hasSize(1);
        return alerts.get(list().get(0).alertId(), Labels.ALL);
    }

    private List<Silences.View> silences() {
        return silences.list(PageRequest.of(null, null), Labels.ALL).items();
    }

    private Silences.View silence(Silences.Matcher matcher, Instant until, boolean dryRun) {
        return inTransaction(() -> silences.create(List.of(matcher), null, until, "why", "op", dryRun, Labels.ALL));
    }

    private IncidentView acknowledge(String id, boolean dryRun) {
        return inTransaction(() -> alerts.acknowledge(id, "op", "mine", dryRun, Labels.ALL));
    }

    private <T> T inTransaction(java.util.function.Supplier<T> work) {
        return Objects.requireNonNull(transaction.execute(status -> work.get()));
    }

    /** As {@code KIND channel}, in the order in which they were written. */
    private List<String> messages() {
        return jdbc.queryForList(
                "select kind || ' ' || channel_key from alert_message order by message_id", Map.of(), String.class);
    }

    private List<Notice> notices() {
        return jdbc
                .queryForList(
                        "select o.payload from alert_message a join outbox_message o on o.id = a.outbox_id"
                                + " order by a.message_id",
                        Map.of(),
                        String.class)
                .stream()
                .map(messages::read)
                .toList();
    }

    private int count(String table) {
        return Objects.requireNonNull(jdbc.queryForObject("select count(*) from " + table, Map.of(), Integer.class));
    }

    private AlertProperties withChannels(List<String> byDefault, List<String> platform) {
        var times = AlertProperties.standard();
        return new AlertProperties(
                times.tick(),
                times.groupWait(),
                times.groupInterval(),
                times.groupWindow(),
                times.closeAfter(),
                times.keepClosed(),
                times.queueBacklogAfter(),
                times.credentialExpiresWithin(),
                byDefault,
                platform,
                null);
    }

    private Node node(String id) {
        return new Node(id, clock.now(), clock.now().minusSeconds(20), null, false, null, 1, null);
    }

    private final class LostNodes implements Nodes {

        @Override
        public String self() {
            return "self";
        }

        @Override
        public List<Node> all() {
            return lost;
        }

        @Override
        public int liveCount() {
            return 1;
        }

        @Override
        public int share(int clusterLimit) {
            return clusterLimit;
        }
    }
}
