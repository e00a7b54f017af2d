package io.syncline.scheduler.trigger;

import io.syncline.scheduler.security.ProblemException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Makes an event of a rejected message and what an operator changes in it. */
final class Corrections {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private Corrections() {}

    /** @throws MalformedEventException when that makes no event */
    static CloudEvent corrected(StoredMessage original, Correction correction) {
        var event = base(original);
        if (correction.attributes() != null) {
            correction.attributes().properties().forEach(attribute -> {
                if (attribute.getValue().isNull()) {
                    event.remove(attribute.getKey());
                } else {
                    event.set(attribute.getKey(), attribute.getValue());
                }
            });
        }
        if (correction.data() != null) {
            event.remove("data_base64");
            event.set("data", correction.data());
        }
        return CloudEventReader.event(event);
    }

    private static ObjectNode base(StoredMessage original) {
        var stored = (ObjectNode) JSON.readTree(original.eventBody());
        return original.eventType().equals(UnreadableRecord.TYPE) ? UnreadableRecord.event(stored) : stored;
    }

    /** The correction is the body of a call, so what is wrong with it is 422 and names its members. */
    static ProblemException problem(MalformedEventException e) {
        var problem = ProblemException.of(422, "invalid-body", "The body is not valid")
                .detail("The correction makes no CloudEvent: correct what the errors name and send the call again.");
        e.faults().forEach(fault -> problem.error(pointer(fault.place()), fault.detail(), fault.code()));
        return problem;
    }

    private static String pointer(String place) {
        return place.startsWith("/data") || place.isEmpty() ? place : "/attributes" + place;
    }
}
