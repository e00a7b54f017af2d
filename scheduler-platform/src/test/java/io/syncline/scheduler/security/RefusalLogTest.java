package io.syncline.scheduler.security;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import tools.jackson.databind.json.JsonMapper;

class RefusalLogTest {

    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(RefusalLog.class);

    @BeforeEach
    void listen() {
        lines.start();
        logger.setLevel(Level.INFO);
        logger.addAppender(lines);
    }

    @AfterEach
    void stop() {
        logger.detachAppender(lines);
        logger.setLevel(null);
    }

    @Test
    void whoIsNotLetInIsWrittenWithWhereFromAndNothingOfTheirToken() throws Exception {
        var request = request("/api/v1/clients");
        request.addHeader("Authorization", "Bearer secret-token");
        var problems = new Problems(new JsonMapper());

        problems.write(request, new MockHttpServletResponse(), Problems.unauthorized(true));
        problems.write(request, new MockHttpServletResponse(), Problems.forbidden());
        problems.write(request, new MockHttpServletResponse(), Problems.notFound());

        assertThat(lines.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly(
                        "GET /api/v1/clients refused with 401 to nobody known at 127.0.0.1",
                        "GET /api/v1/clients refused with 403 to nobody known at 127.0.0.1");
    }

    @Test
    void aFloodOfRefusalsIsNoFloodOfLines() {
        var nanos = new AtomicLong();
        var log = new RefusalLog(nanos::get);
        for (int i = 0; i < 1000; i++) {
            log.write(request("/oauth2/token"), Problems.unauthorized(false));
        }
        assertThat(lines.list).hasSize(RefusalLog.LINES_A_SECOND);

        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        log.write(request("/oauth2/token"), Problems.unauthorized(false));

        assertThat(lines.list).hasSize(RefusalLog.LINES_A_SECOND + 2);
        assertThat(lines.list.get(RefusalLog.LINES_A_SECOND).getFormattedMessage())
                .isEqualTo("980 more refusals were not written");
    }

    private static MockHttpServletRequest request(String path) {
        return new MockHttpServletRequest("GET", path);
    }
}
