package io.syncline.provider.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.provider.DataProvider;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The service as it runs, on a free port, and calls to it. */
public final class RunningProvider implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final FakePlatform platform;
    private final @Nullable ConfigurableApplicationContext context;
    private final String url;

    /** One that runs in a process of its own. */
    public RunningProvider(FakePlatform platform, String url) {
        this.platform = platform;
        this.url = url;
        this.context = null;
    }

    public RunningProvider(FakePlatform platform, Path home, Map<String, String> settings) {
        this.platform = platform;
        this.context = SpringApplication.run(DataProvider.class, arguments(platform, home, settings));
        this.url = "http://127.0.0.1:"
                + ((ServletWebServerApplicationContext) context).getWebServer().getPort();
    }

    public static String[] arguments(FakePlatform platform, Path home, Map<String, String> settings) {
        var all = new LinkedHashMap<String, String>();
        all.put("server.port", "0");
        all.put("syncline.home", home.toString());
        all.put("syncline.client.platform-url", platform.url());
        all.put("syncline.client.client-id", "owner");
        all.put("syncline.client.client-secret", "a-secret-of-this-test-alone-0123");
        all.put("syncline.client.store.poll", "100ms");
        all.put("syncline.provider.extracts.sweep-interval", "300ms");
        all.put("logging.level.root", "WARN");
        all.putAll(settings);
        return all.entrySet().stream()
                .map(setting -> "--" + setting.getKey() + "=" + setting.getValue())
                .toArray(String[]::new);
    }

    public ConfigurableApplicationContext context() {
        return Objects.requireNonNull(context, "it runs in a process of its own");
    }

    public String url() {
        return url;
    }

    public JdbcClient jdbc() {
        return JdbcClient.create(context().getBean(DataSource.class));
    }

    /** An answer: its status, its headers, its bytes. */
    public record Answer(HttpResponse<byte[]> response) {

        public int status() {
            return response.statusCode();
        }

        public byte[] bytes() {
            return response.body();
        }

        public String text() {
            return new String(response.body(), StandardCharsets.UTF_8);
        }

        public JsonNode json() {
            return JSON.readTree(response.body());
        }

        public String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        /** The last part of the problem's type. */
        public String problem() {
            var type = json().get("type").stringValue();
            return type.substring(type.lastIndexOf('/') + 1);
        }

        public List<String> codes() {
            var codes = new ArrayList<String>();
            json().get("errors").forEach(error -> codes.add(error.get("code").stringValue()));
            return codes;
        }

        public String unzipped() {
            try (var in = new GZIPInputStream(new ByteArrayInputStream(response.body()))) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException broken) {
                throw new UncheckedIOException(broken);
            }
        }
    }

    public Answer send(String method, String path, String token, byte[] body, String... headers) {
        var request = HttpRequest.newBuilder(URI.create(url + path))
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return new Answer(http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray()));
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopped);
        }
    }

    public Answer get(String path, String... headers) {
        return send("GET", path, platform.token("data:read"), null, headers);
    }

    public Answer load(String dataset, String csv, String... headers) {
        return load(dataset, "", csv.getBytes(StandardCharsets.UTF_8), headers);
    }

    public Answer load(String dataset, String query, byte[] csv, String... headers) {
        var all = new ArrayList<>(
                List.of(headers).contains("Content-Type") ? List.<String>of() : List.of("Content-Type", "text/csv"));
        all.addAll(List.of(headers));
        return send(
                "POST",
                "/datasets/" + dataset + "/imports" + query,
                platform.token("triggers:write"),
                csv,
                all.toArray(String[]::new));
    }

    public Answer announce(String json, String... headers) {
        var all = new ArrayList<>(List.of("Content-Type", "application/json"));
        all.addAll(List.of(headers));
        return send(
                "POST",
                "/events",
                platform.token("triggers:write"),
                json.getBytes(StandardCharsets.UTF_8),
                all.toArray(String[]::new));
    }

    public Answer lookUp(String dataset, String contentType, String ids, String... headers) {
        var all = new ArrayList<>(List.of("Content-Type", contentType));
        all.addAll(List.of(headers));
        return send(
                "POST",
                "/datasets/" + dataset + "/lookups",
                platform.token("data:read"),
                ids.getBytes(StandardCharsets.UTF_8),
                all.toArray(String[]::new));
    }

    public Answer askExtract(String dataset, String json, String... headers) {
        var all = new ArrayList<>(List.of("Content-Type", "application/json"));
        all.addAll(List.of(headers));
        return send(
                "POST",
                "/datasets/" + dataset + "/extracts",
                platform.token("data:read"),
                json.getBytes(StandardCharsets.UTF_8),
                all.toArray(String[]::new));
    }

    /** Asks for an extract and waits for its end. */
    public JsonNode extract(String dataset, String json) {
        var asked = askExtract(dataset, json);
        if (asked.status() != 201) {
            throw new IllegalStateException(asked.status() + " " + asked.text());
        }
        return manifest(dataset, asked.json().get("extractId").stringValue());
    }

    public JsonNode manifest(String dataset, String id) {
        var answer = get("/datasets/" + dataset + "/extracts/" + id + "?wait=PT30S");
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.json();
    }

    public Answer file(JsonNode manifest, int index, String... headers) {
        return get(
                "/datasets/" + manifest.get("dataset").stringValue() + "/extracts/"
                        + manifest.get("extractId").stringValue() + "/files/"
                        + manifest.get("files").get(index).get("name").stringValue(),
                headers);
    }

    @Override
    public void close() {
        if (context != null) {
            context.close();
        }
    }
}
