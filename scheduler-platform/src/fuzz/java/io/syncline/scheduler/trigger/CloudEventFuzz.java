package io.syncline.scheduler.trigger;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Any body is an event with a content, or refused with its faults; nothing else comes out of the reader. */
class CloudEventFuzz {

    @FuzzTest(maxDuration = "1m")
    void aBody(byte[] body) {
        if (body == null) {
            return;
        }
        try {
            ContentHash.of(CloudEventReader.structured(body));
        } catch (MalformedEventException refused) {
            if (refused.faults().isEmpty()) {
                throw new AssertionError("a refusal that does not say what is wrong", refused);
            }
        }
    }
}
