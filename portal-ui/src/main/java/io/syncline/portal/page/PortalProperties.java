package io.syncline.portal.page;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the pages name the place that they show.
 *
 * @param environment on the strip above every page, such as {@code PROD}; without it there is no strip
 * @param production whether mistakes here are expensive: the strip says so
 * @param traceUrl where a trace is shown, with {@code {traceId}} in it; without it a trace id is plain text
 */
@ConfigurationProperties("syncline.portal.display")
public record PortalProperties(
        @Nullable String environment,
        @DefaultValue("false") boolean production,
        @Nullable String traceUrl) {

    public PortalProperties {
        if (traceUrl != null && !(traceUrl.matches("https?://.+") && traceUrl.contains("{traceId}"))) {
            throw new IllegalArgumentException(
                    "syncline.portal.display.trace-url is an http or https address with {traceId} in it");
        }
    }
}
