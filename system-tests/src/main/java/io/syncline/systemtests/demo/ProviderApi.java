package io.syncline.systemtests.demo;

import io.syncline.systemtests.api.Http;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;

/** The provider as the upstream's own scripts call it. */
public final class ProviderApi {

    private static final Duration IMPORT_WITHIN = Duration.ofMinutes(3);
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(20);

    private final Http http;
    private final Supplier<String> token;

    public ProviderApi(String origin, Supplier<String> token) {
        this.http = new Http(origin);
        this.token = token;
    }

    /** Replaces a dataset's content by a gzipped CSV file. */
    public void load(String dataset, Path file) {
        try {
            http.send(
                            "POST",
                            "/datasets/" + dataset + "/imports",
                            Map.of(
                                    "Authorization", "Bearer " + token.get(),
                                    "Content-Type", "text/csv; charset=utf-8",
                                    "Content-Encoding", "gzip"),
                            Files.readAllBytes(file),
                            IMPORT_WITHIN)
                    .expect(200, 201);
        } catch (IOException trouble) {
            throw new UncheckedIOException("cannot read " + file, trouble);
        }
    }

    /** Says that a day is complete; the provider's outbox sends the trigger message. */
    public void announce(String type, String subject) {
        http.send(
                        "POST",
                        "/events",
                        Map.of("Authorization", "Bearer " + token.get(), "Content-Type", "application/json"),
                        Http.JSON.writeValueAsBytes(
                                Map.of("type", type, "subject", subject, "data", Map.of("date", subject))),
                        ANSWER_WITHIN)
                .expect(200, 201, 202);
    }
}
