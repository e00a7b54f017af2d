package io.syncline.scheduler.trigger;

import io.syncline.scheduler.security.PlatformProperties;
import io.syncline.scheduler.security.RequiresScope;
import io.syncline.scheduler.security.Scope;
import io.syncline.scheduler.store.RetentionProperties;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Tells senders and operators where messages are sent to. */
@RestController
class IntakeController {

    private final PlatformProperties platform;
    private final KafkaProperties kafka;
    private final RetentionProperties retention;

    IntakeController(PlatformProperties platform, KafkaProperties kafka, RetentionProperties retention) {
        this.platform = platform;
        this.kafka = kafka;
        this.retention = retention;
    }

    /** Address and topics of trigger messages; the topics are those of the node that answers. */
    @RequiresScope({Scope.TRIGGERS_WRITE, Scope.RUNS_READ})
    @GetMapping(path = "/api/v1/intake", produces = MediaType.APPLICATION_JSON_VALUE)
    IntakeView intake() {
        return new IntakeView(
                platform.publicUrl() + "/api/v1/triggers",
                kafka.isOn() ? kafka.topics() : List.of(),
                retention.triggers().toDays());
    }

    /**
     * @param topics none where Kafka is off
     * @param keptDays from the receipt of a message; as long its copies are known as such
     */
    record IntakeView(String address, List<String> topics, long keptDays) {}
}
