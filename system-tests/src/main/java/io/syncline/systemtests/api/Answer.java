package io.syncline.systemtests.api;

import tools.jackson.databind.JsonNode;

/** An HTTP answer with its body as JSON; a body that is no JSON is a missing node. */
public record Answer(int status, java.net.http.HttpHeaders headers, String text, JsonNode json) {

    /** This answer, if its status is one of {@code expected}; otherwise an error that shows it. */
    public Answer expect(int... expected) {
        for (var one : expected) {
            if (status == one) {
                return this;
            }
        }
        throw new UnexpectedAnswerException(this);
    }

    public String header(String name) {
        return headers.firstValue(name).orElse("");
    }
}
