package io.syncline.scheduler.trigger;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.syncline.scheduler.testing.FixedTaskGroups;
import io.syncline.scheduler.testing.SettableClock;
import io.syncline.scheduler.testing.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.TransientDataAccessResourceException;

class KafkaIntakeTest {

    private static final TopicPartition PARTITION = new TopicPartition("t".repeat(249), 0);

    private final TestDatabase database = TestDatabase.h2();
    private final WokenConsumer consumer = new WokenConsumer();
    private final KafkaIntake intake = new KafkaIntake(
            TestIntakes.on(database, new FixedTaskGroups(), this::now),
            new KafkaProperties(null, List.of(PARTITION.topic()), "g", null, Map.of(), Duration.ofMillis(1), Map.of()),
            new SimpleMeterRegistry());
    private int outages;
    private int errors;
    private int tries;

    private static final class WokenConsumer extends MockConsumer<byte[], byte[]> {
        private boolean wakesUp;

        WokenConsumer() {
            super("earliest");
        }

        @Override
        public synchronized void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets) {
            if (wakesUp) {
                wakesUp = false;
                throw new WakeupException();
            }
            super.commitSync(offsets);
        }
    }

    private Instant now() {
        if (tries < outages) {
            tries++;
            throw new TransientDataAccessResourceException("away");
        }
        if (tries < outages + errors) {
            tries++;
            throw new StackOverflowError();
        }
        return SettableClock.NOON;
    }

    @BeforeEach
    void assign() {
        consumer.assign(List.of(PARTITION));
        consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
        intake.start();
    }

    private void poll() {
        var event = "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/billing\",\"type\":\"ready\"}";
        var record = new ConsumerRecord<>(
                PARTITION.topic(), PARTITION.partition(), 0, new byte[0], event.getBytes(StandardCharsets.UTF_8));
        record.headers().add("content-type", "application/cloudevents+json".getBytes(StandardCharsets.UTF_8));
        for (int round = 0; round < 100_000 && committed() < 1; round++) {
            if (consumer.paused().isEmpty()) {
                consumer.addRecord(record);
            }
            intake.round(consumer);
        }
    }

    private long committed() {
        var committed = consumer.committed(Set.of(PARTITION)).get(PARTITION);
        return committed == null ? -1 : committed.offset();
    }

    private List<String> kept(String column) {
        return database.jdbc()
                .sql("select " + column + " from trigger_message")
                .query(String.class)
                .list();
    }

    @Test
    void aCommitThatIsWokenToStopIsRepeated() {
        consumer.wakesUp = true;

        poll();

        assertThat(kept("status")).containsExactly("REJECTED");
        assertThat(committed()).isEqualTo(1);
    }

    @Test
    void aRecordOfATopicWithALongNameIsKept() {
        poll();

        assertThat(kept("client_id"))
                .singleElement()
                .satisfies(client -> assertThat(client).hasSize(128).startsWith("kafka:ttt"));
        assertThat(committed()).isEqualTo(1);
    }

    @Test
    void aRecordThatExhaustsTheStackIsKeptUnjudgedAfterFiveTries() {
        errors = 5;

        poll();

        assertThat(tries).isEqualTo(5);
        assertThat(kept("event_type")).containsExactly("io.syncline.kafka.unreadable");
        assertThat(committed()).isEqualTo(1);
    }

    @Test
    void triesForAPassingReasonDoNotCountTowardsTheFive() {
        outages = 10;
        errors = 3;

        poll();

        assertThat(tries).isEqualTo(13);
        assertThat(kept("event_type")).containsExactly("ready");
        assertThat(committed()).isEqualTo(1);
    }
}
