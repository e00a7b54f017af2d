package io.syncline.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.syncline.systemtests.api.Answer;
import io.syncline.systemtests.api.Http;
import io.syncline.systemtests.load.Counts;
import io.syncline.systemtests.load.SocialLoad;
import io.syncline.systemtests.process.Ports;
import io.syncline.systemtests.process.ServiceProcess;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The provider's publisher, the brokers and two consumers of one group, each in its own JVM but the brokers. */
@ExtendWith(Cluster.Shared.class)
class KafkaViewIT {

    private static final String PROVIDER = "kafka-view-provider";
    private static final String CONSUMER = "kafka-view-consumer";
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String GROUP = "kafka-view";

    private final Cluster cluster;
    private final ServiceProcess[] consumers = new ServiceProcess[2];
    private ServiceProcess provider;

    KafkaViewIT(Cluster cluster) {
        this.cluster = cluster;
    }

    @BeforeEach
    void start() {
        var platform = cluster.platform();
        var providerSecret = platform.createClient(PROVIDER, PROVIDER, List.of("triggers:write"));
        var consumerSecret = platform.createClient(CONSUMER, CONSUMER, List.of("callbacks:write", "data:read"));
        provider = cluster.stack()
                .startProviderAs(
                        PROVIDER,
                        providerSecret,
                        "syncline.provider.kafka.bootstrap-servers=" + cluster.brokers(),
                        "syncline.provider.kafka.partitions=4",
                        "syncline.provider.kafka.replication=1",
                        // A row that is deleted leaves a tombstone there.
                        "syncline.provider.kafka.compacted=users,follows");
        consumers[0] = startConsumer(1, consumerSecret);
        Stack.ready(consumers[0]);
        consumers[1] = startConsumer(2, consumerSecret);
        Stack.ready(provider);
        Stack.ready(consumers[1]);
    }

    private ServiceProcess startConsumer(int number, String secret) {
        return cluster.stack()
                .startConsumerAs(
                        CONSUMER,
                        "kafka-view-" + number,
                        Ports.anyFree(),
                        secret,
                        "syncline.consumer.provider-url=" + provider.url(),
                        "syncline.consumer.instance-id=kafka-view-" + number,
                        "syncline.kafka.bootstrap-servers=" + cluster.brokers(),
                        "syncline.kafka.group-id=" + GROUP,
                        "syncline.kafka.look-every=PT0.2S",
                        "syncline.kafka.properties[session.timeout.ms]=" + Cluster.SHORTEST_SESSION_MILLIS,
                        "syncline.kafka.properties[heartbeat.interval.ms]=500",
                        "syncline.kafka.properties[metadata.max.age.ms]=1000");
    }

    @AfterEach
    void stop() {
        var started = new ArrayList<ServiceProcess>(List.of(provider));
        for (var consumer : consumers) {
            if (consumer != null) {
                started.add(consumer);
            }
        }
        ServiceProcess.stopAll(started);
    }

    @Test
    void eachChangeCountsOnceThoughAnInstanceIsKilledAndATransactionIsAborted() throws Exception {
        var load = new SocialLoad(provider.url(), cluster.platform()::token, 40, 4);
        load.createUsers();
        load.run(100, Duration.ofMillis(500));
        await("both instances have partitions").atMost(SOON).until(() -> members() == 2);
        await("some of it is applied").atMost(SOON).until(() -> facts() > 10);

        abortedFollow("load-1", "load-2");
        var running = CompletableFuture.supplyAsync(() -> load.run(100, Duration.ofSeconds(4)));
        await("they are at work").atMost(SOON).until(() -> facts() > 100);
        consumers[0].kill();
        var done = running.join();

        assertThat(done.failed()).isZero();
        assertThat(done.changes()).isEqualTo(400);
        awaitCounts(consumers[1], load.expected());
        assertThat(recount()).isEqualTo(load.expected());

        consumers[0].startAgain();
        Stack.ready(consumers[0]);
        await("the other is back").atMost(SOON).until(() -> members() == 2);
        assertThat(load.run(100, Duration.ofSeconds(1)).failed()).isZero();

        for (var consumer : consumers) {
            awaitCounts(consumer, load.expected());
        }
        assertThat(scrape(consumers[1]).lines())
                .as("nothing was parked")
                .anyMatch(line -> line.equals("syncline_view_parked_changes 0.0"));
    }

    /** What nobody may count: it is on the topic, and its transaction was given up. */
    private void abortedFollow(String follower, String followed) throws Exception {
        var config =
                Map.<String, Object>of("bootstrap.servers", cluster.brokers(), "transactional.id", "kafka-view-test");
        var key = follower + "," + followed;
        var event = """
                {"seq": 1000000, "id": "no-change", "dataset": "follows", "table": "follow", "op": "CREATED",
                 "key": "%s,%s", "before": null, "after": {"followerId": "%s", "followedId": "%s"},
                 "source": {"kind": "OUTBOX", "position": "1000000"}, "committedAt": "2026-11-20T00:11:00.123456Z"}
                """.formatted(follower, followed, follower, followed);
        try (var producer = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(
                            "syncline.changes.follows",
                            key.getBytes(StandardCharsets.UTF_8),
                            event.getBytes(StandardCharsets.UTF_8)))
                    .get(20, TimeUnit.SECONDS);
            producer.abortTransaction();
        }
    }

    /** Members of the group that hold partitions. */
    private long members() {
        try (var admin = Admin.create(Map.<String, Object>of("bootstrap.servers", cluster.brokers()))) {
            return admin
                    .describeConsumerGroups(List.of(GROUP))
                    .describedGroups()
                    .get(GROUP)
                    .get(20, TimeUnit.SECONDS)
                    .members()
                    .stream()
                    .filter(member -> !member.assignment().topicPartitions().isEmpty())
                    .count();
        } catch (InterruptedException | ExecutionException | TimeoutException trouble) {
            throw new AssertionError("the brokers did not tell the members", trouble);
        }
    }

    private long facts() throws SQLException {
        try (var connection = cluster.stack().database("consumer");
                var row = connection.createStatement().executeQuery("select count(*) from user_fact")) {
            row.next();
            return row.getLong(1);
        }
    }

    private Answer get(ServiceProcess consumer, String path) {
        return new Http(consumer.url())
                .send(
                        "GET",
                        path,
                        Map.of("Authorization", "Bearer " + cluster.platform().token()),
                        new byte[0],
                        Duration.ofSeconds(20));
    }

    private String scrape(ServiceProcess consumer) {
        return get(consumer, "/actuator/prometheus").expect(200).text();
    }

    private void awaitCounts(ServiceProcess consumer, Map<String, Counts> expected) {
        await(consumer.name()).atMost(SOON).untilAsserted(() -> {
            var told = new HashMap<String, Counts>();
            for (var user : expected.keySet()) {
                told.put(
                        user,
                        Counts.of(get(consumer, "/users/" + user).expect(200).json()));
            }
            assertThat(told).isEqualTo(expected);
        });
    }

    /** By the provider's own tables. */
    private Map<String, Counts> recount() throws SQLException {
        var counts = new HashMap<String, Counts>();
        try (var connection = cluster.stack().database("provider");
                var rows = connection.createStatement().executeQuery("""
                        select u.user_id,
                               (select count(*) from tweet t where t.author_id = u.user_id),
                               (select count(*) from follow f where f.follower_id = u.user_id),
                               (select count(*) from follow f where f.followed_id = u.user_id),
                               (select count(*) from tweet_like l where l.author_id = u.user_id)
                        from app_user u""")) {
            while (rows.next()) {
                counts.put(
                        rows.getString(1),
                        new Counts(rows.getLong(2), rows.getLong(3), rows.getLong(4), rows.getLong(5)));
            }
        }
        return counts;
    }
}
