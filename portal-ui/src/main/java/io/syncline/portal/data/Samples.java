package io.syncline.portal.data;

import java.net.URI;
import java.time.Instant;

/** Calls and settings to copy. Addresses and names stand in single quotes, so no character of them means anything to a shell. */
final class Samples {

    static final String SET_UP = """
            # A client that may read how things stand, and nothing else; the answer holds its secret, once.
            curl -X PUT "$PLATFORM/api/v1/clients/portal-data" \\
              -H "Authorization: Bearer $TOKEN" -H 'If-None-Match: *' -H 'Content-Type: application/json' \\
              -d '{"scopes": ["runs:read"]}'

            # The portal's environment
            SYNCLINE_PORTAL_DATA_PROVIDER_URL=https://provider.example.com
            SYNCLINE_PORTAL_DATA_CONSUMER_URL=https://consumer.example.com
            SYNCLINE_PORTAL_DATA_CLIENT_ID=portal-data
            SYNCLINE_PORTAL_DATA_CLIENT_SECRET=...
            """;

    private Samples() {}

    static String lookup(URI provider) {
        return """
                curl -X POST %s \\
                  -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' \\
                  -d '["7590-VHVEG", "5575-GNVDE"]'
                """.formatted(quoted(provider + "/datasets/subscribers/lookups"));
    }

    static String extract(URI provider) {
        return """
                curl -X POST %s \\
                  -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' \\
                  -d '{"format": "CSV"}'
                """.formatted(quoted(provider + "/datasets/countries/extracts"));
    }

    static String subscription(URI provider) {
        return """
                curl -X PUT %s \\
                  -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' \\
                  -d '{"dataset": "follows", "endpoint": "https://crm.example.com/hooks/changes"}'
                """.formatted(quoted(provider + "/subscriptions/crm"));
    }

    /** Sends once more what was given up since then. */
    static String replay(URI provider, String subscription, Instant deadSince) {
        return """
                curl -X POST %s \\
                  -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' \\
                  -d '{"subscription": "%s", "deadSince": "%s"}'
                """.formatted(quoted(provider + "/deliveries/replay"), subscription.replace("'", ""), deadSince);
    }

    static String rebuild(URI consumer) {
        return """
                curl -X POST %s -H "Authorization: Bearer $TOKEN"
                """.formatted(quoted(consumer + "/users/rebuilds"));
    }

    /** Goes on where an earlier download was cut. */
    static String download(URI provider, String dataset, String extract, String file) {
        return """
                curl -C - -O -H "Authorization: Bearer $TOKEN" %s
                """.formatted(quoted("%s/datasets/%s/extracts/%s/files/%s".formatted(provider, dataset, extract, file)));
    }

    private static String quoted(String address) {
        return "'" + address.replace("'", "%27") + "'";
    }
}
