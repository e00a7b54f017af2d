package io.syncline.client.sync;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class FingerprintTest {

    private static final String CALL = """
            {"task": "plans", "businessKey": "d", "parameters": {"a": 1, "b": [1, 2]}, "round": 1,
             "trigger": {"source": "/s", "id": "1", "type": "t", "data": {"x": null}}}
            """;

    @Test
    void roundCallbackOrderAndWritingOfNumbersDoNotMatter() {
        var same = """
                {"round": 9, "deadline": "later", "callback": {"token": "other"},
                 "trigger": {"data": {"x": null}, "type": "t", "id": "1", "source": "/s", "future": 1},
                 "parameters": {"b": [1, 2.0], "a": 1.0}, "businessKey": "d", "task": "plans"}
                """;

        assertThat(of(same)).isEqualTo(of(CALL));
    }

    @Test
    void everyPartOfTheWorkMatters() {
        assertThat(of(CALL.replace("plans", "other"))).isNotEqualTo(of(CALL));
        assertThat(of(CALL.replace("\"d\"", "\"e\""))).isNotEqualTo(of(CALL));
        assertThat(of(CALL.replace("\"a\": 1", "\"a\": 2"))).isNotEqualTo(of(CALL));
        assertThat(of(CALL.replace("[1, 2]", "[2, 1]"))).isNotEqualTo(of(CALL));
        assertThat(of(CALL.replace("\"id\": \"1\"", "\"id\": 1"))).isNotEqualTo(of(CALL));
        assertThat(of(CALL.replace("{\"x\": null}", "{}"))).isNotEqualTo(of(CALL));
    }

    private static String of(String call) {
        return Fingerprint.of(new JsonMapper().readTree(call));
    }
}
