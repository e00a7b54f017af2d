package io.syncline.scheduler.security;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Callback tokens ({@code SYNCLINE_CALLBACK_TOKEN_GRACE}).
 *
 * @param grace from the deadline of the task run to the end of its callback tokens
 */
@ConfigurationProperties("syncline.callback.token")
public record CallbackTokenProperties(@DefaultValue("PT24H") Duration grace) {}
