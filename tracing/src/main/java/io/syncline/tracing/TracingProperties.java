package io.syncline.tracing;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where spans are sent by OTLP over HTTP; without an endpoint none is made.
 *
 * @param endpoint base URL of a collector, such as {@code http://collector:4318}; {@code /v1/traces} is added
 * @param headers sent with each export, as {@code name=value}, separated by commas; for a collector's key
 * @param sampleRatio of the traces that begin here, 0 to 1; those of others follow their sampled flag
 * @param serviceName as the spans name this service
 */
@ConfigurationProperties("syncline.tracing")
public record TracingProperties(
        @Nullable String endpoint,
        @Nullable String headers,
        @DefaultValue("1.0") double sampleRatio,
        @DefaultValue("syncline") String serviceName) {

    public TracingProperties {
        if (sampleRatio < 0 || sampleRatio > 1) {
            throw new IllegalArgumentException("syncline.tracing.sample-ratio is 0 to 1: " + sampleRatio);
        }
        if (endpoint != null && !endpoint.isBlank()) {
            var scheme = URI.create(endpoint).getScheme();
            if (!"http".equals(scheme) && !"https".equals(scheme)) {
                throw new IllegalArgumentException(
                        "syncline.tracing.endpoint is the http or https URL of a collector: " + endpoint);
            }
        }
    }

    public boolean isOn() {
        return endpoint != null && !endpoint.isBlank();
    }

    String traces() {
        return String.valueOf(endpoint).replaceAll("/+$", "") + "/v1/traces";
    }

    Map<String, String> headerMap() {
        var map = new LinkedHashMap<String, String>();
        for (String pair : headers == null ? new String[0] : headers.split(",")) {
            var at = pair.indexOf('=');
            if (at > 0) {
                map.put(pair.substring(0, at).strip(), pair.substring(at + 1).strip());
            }
        }
        return map;
    }

    /** Without the headers, which hold a key. */
    @Override
    public String toString() {
        return "TracingProperties[endpoint=" + endpoint + ", sampleRatio=" + sampleRatio + "]";
    }
}
