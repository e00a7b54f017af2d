package io.syncline.scheduler.trigger;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockHttpServletRequest;

class WaitPreferenceTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "wait=1 | 1",
                "wait=60 | 60",
                "wait=61 | 60",
                "WAIT = 20 | 20",
                "wait=\"7\" | 7",
                "respond-async, wait=9 | 9",
                "wait=9;foo=1 | 9",
                "wait=x, wait=4 | 4"
            })
    void aWaitIsReadAsTheRfcWritesItAndAppliedUpToTheLimit(String header, int seconds) {
        assertThat(WaitPreference.of(with(header))).hasValue(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "wait", "wait=", "wait=0", "wait=-1", "wait=1.5", "wait=9999999999", "waiting=5", "=5"})
    void whatIsNoWaitIsIgnored(String header) {
        assertThat(WaitPreference.of(with(header))).isEmpty();
    }

    @Test
    void severalHeadersAreOneList() {
        var request = with("respond-async");
        request.addHeader("Prefer", "wait=3");

        assertThat(WaitPreference.of(request)).hasValue(Duration.ofSeconds(3));
    }

    private static MockHttpServletRequest with(String header) {
        var request = new MockHttpServletRequest();
        request.addHeader("Prefer", header);
        return request;
    }
}
