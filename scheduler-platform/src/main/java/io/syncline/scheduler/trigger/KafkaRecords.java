package io.syncline.scheduler.trigger;

import io.syncline.scheduler.trigger.MalformedEventException.Fault;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** Reads CloudEvents from records in structured and binary mode (Kafka protocol binding 1.0.2); that binding has no batches. */
final class KafkaRecords {

    static final String PREFIX = "ce_";
    static final String VERSION = "ce_specversion";
    static final String CONTENT_TYPE = "content-type";
    private static final int MOST_HEADERS = 100;
    private static final int LONGEST_HEADER = 8_192;

    private KafkaRecords() {}

    /** @throws MalformedEventException when the record is no CloudEvent, or a batch of them */
    static CloudEvent event(ConsumerRecord<byte[], byte[]> record, int mostBytes) {
        var headers = all(record);
        var body = record.value() == null ? new byte[0] : record.value();
        if (body.length > mostBytes) {
            throw malformed("", "has more than " + mostBytes + " bytes", "too-large");
        }
        var contentType = CloudEventReader.mediaType(headers.getOrDefault(CONTENT_TYPE, ""));
        if (contentType.equals(CloudEventReader.STRUCTURED)) {
            return CloudEventReader.structured(body);
        }
        if (contentType.startsWith("application/cloudevents-batch")) {
            throw malformed(CONTENT_TYPE, "batches are not sent over Kafka: one record is one event", "unsupported");
        }
        if (headers.containsKey(VERSION)) {
            check(headers);
            return CloudEventReader.binary(PREFIX, headers, body);
        }
        throw malformed(
                CONTENT_TYPE,
                "must be " + CloudEventReader.STRUCTURED + ", or the record must have ce_ headers",
                "unsupported");
    }

    /** Attributes are never left out: a message that lacks one may mean something else. */
    private static void check(Map<String, String> headers) {
        var faults = new ArrayList<Fault>();
        int attributes = 0;
        for (var header : headers.entrySet()) {
            if (header.getKey().startsWith(PREFIX)) {
                attributes++;
                if (header.getValue().length() > LONGEST_HEADER) {
                    faults.add(
                            new Fault(header.getKey(), "has more than " + LONGEST_HEADER + " characters", "too-long"));
                }
            }
        }
        if (attributes > MOST_HEADERS) {
            faults.add(new Fault("", "has more than " + MOST_HEADERS + " attributes", "too-many"));
        }
        if (!faults.isEmpty()) {
            throw new MalformedEventException(faults);
        }
    }

    /** As many as are kept with a record that is no event, without those that are too long. */
    static Map<String, String> headers(ConsumerRecord<byte[], byte[]> record) {
        var kept = new TreeMap<String, String>();
        all(record).forEach((name, text) -> {
            if (text.length() <= LONGEST_HEADER && kept.size() < MOST_HEADERS) {
                kept.put(name, text);
            }
        });
        return kept;
    }

    /** The last of each name, as text. */
    private static Map<String, String> all(ConsumerRecord<byte[], byte[]> record) {
        var headers = new LinkedHashMap<String, String>();
        for (Header header : record.headers()) {
            var text = header.value() == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
            headers.put(header.key().toLowerCase(Locale.ROOT), text);
        }
        return headers;
    }

    private static MalformedEventException malformed(String place, String detail, String code) {
        return new MalformedEventException(List.of(new Fault(place, detail, code)));
    }
}
