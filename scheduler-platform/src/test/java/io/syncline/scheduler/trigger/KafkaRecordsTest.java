package io.syncline.scheduler.trigger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class KafkaRecordsTest {

    private static ConsumerRecord<byte[], byte[]> record() {
        var record = new ConsumerRecord<>("t", 0, 0, new byte[0], "{}".getBytes(StandardCharsets.UTF_8));
        with(record, "content-type", "application/json");
        with(record, "ce_specversion", "1.0");
        with(record, "ce_id", "1");
        with(record, "ce_source", "/billing");
        with(record, "ce_type", "ready");
        return record;
    }

    private static void with(ConsumerRecord<byte[], byte[]> record, String name, String text) {
        record.headers().add(name, text.getBytes(StandardCharsets.UTF_8));
    }

    private static CloudEvent event(ConsumerRecord<byte[], byte[]> record) {
        return KafkaRecords.event(record, 1_000);
    }

    @Test
    void anAttributeThatIsTooLongIsRefusedAndNotLeftOut() {
        var record = record();
        with(record, "ce_subject", "s");
        with(record, "ce_note", "n".repeat(8_193));

        assertThatThrownBy(() -> event(record))
                .isInstanceOf(MalformedEventException.class)
                .hasMessageContaining("ce_note");
        assertThat(KafkaRecords.headers(record)).containsKey("ce_subject").doesNotContainKey("ce_note");
    }

    @Test
    void attributesBehindManyOtherHeadersAreReadAndTooManyAreRefused() {
        var record = new ConsumerRecord<>("t", 0, 0, new byte[0], "{}".getBytes(StandardCharsets.UTF_8));
        for (int i = 0; i < 150; i++) {
            with(record, "other-" + i, "x");
        }
        record().headers().forEach(record.headers()::add);
        with(record, "ce_subject", "s");
        assertThat(event(record).subject()).isEqualTo("s");

        for (int i = 0; i < 100; i++) {
            with(record, "ce_x" + i, "x");
        }
        assertThatThrownBy(() -> event(record)).isInstanceOf(MalformedEventException.class);
        assertThat(KafkaRecords.headers(record)).hasSize(100);
    }

    @Test
    void theLastHeaderOfANameWinsAlsoWhenItCannotBeKept() {
        var record = record();
        with(record, "ce_subject", "first");
        with(record, "CE_Subject", "second");
        assertThat(event(record).subject()).isEqualTo("second");
        assertThat(KafkaRecords.headers(record)).containsEntry("ce_subject", "second");

        with(record, "ce_subject", "n".repeat(8_193));
        assertThatThrownBy(() -> event(record)).isInstanceOf(MalformedEventException.class);
        assertThat(KafkaRecords.headers(record)).doesNotContainKey("ce_subject");
        with(record, "ce_subject", "last");
        assertThat(event(record).subject()).isEqualTo("last");
    }
}
