package io.syncline.portal.triggers;

/** A call that sends a message, ready for a shell. */
final class SampleCall {

    private static final String EVENT = """
            {
              "specversion" : "1.0",
              "source" : "/billing",
              "id" : "extract-2026-11-20",
              "type" : "com.example.billing.extract.ready",
              "subject" : "2026-11-20",
              "data" : { "rows" : 1200 }
            }""";

    private SampleCall() {}

    /** One of everybody's; source and type are those of a group's trigger rule. */
    static String any(String address) {
        return of(address, EVENT);
    }

    /** The event stands in a here-document, so no character of it means anything to the shell. */
    static String of(String address, String event) {
        return """
                curl -X POST '%s' \\
                  -H "Authorization: Bearer $TOKEN" \\
                  -H 'Content-Type: application/cloudevents+json' \\
                  --data-binary @- <<'EVENT'
                %s
                EVENT
                """.formatted(address.replace("'", "%27"), event);
    }
}
