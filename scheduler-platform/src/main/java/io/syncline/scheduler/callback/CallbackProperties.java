package io.syncline.scheduler.callback;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * @param batch callbacks committed together at most; 1 to 500
 * @param linger how long a commit waits for more callbacks when two or more may be expected by then; 0 to 50 ms
 * @param waiting callbacks that may wait for their commit; more are answered 503
 * @param patience how long a sender waits for the commit before it is told to come back; at most 2 s
 */
@ConfigurationProperties("syncline.callback")
record CallbackProperties(
        @DefaultValue("200") int batch,
        @DefaultValue("10ms") Duration linger,
        @DefaultValue("2000") int waiting,
        @DefaultValue("2s") Duration patience) {}
