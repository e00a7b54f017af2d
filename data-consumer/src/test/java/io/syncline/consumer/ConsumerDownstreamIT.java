package io.syncline.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.client.test.Downstream;
import io.syncline.client.test.DownstreamContract;
import io.syncline.client.test.FakePlatform;
import io.syncline.client.test.SpringDownstream;
import io.syncline.consumer.sync.ServedCountries;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The whole service, put to what the platform expects of every downstream. */
class ConsumerDownstreamIT extends DownstreamContract {

    private static final String H2 = "jdbc:h2:mem:downstream;MODE=Oracle;DB_CLOSE_DELAY=-1;LOCK_TIMEOUT=10000";

    @TempDir
    static Path home;

    private static ServedCountries provider;
    private SpringDownstream downstream;
    private FakePlatform platform;

    @BeforeAll
    static void serve() throws IOException {
        provider = ServedCountries.start();
    }

    @AfterAll
    static void stopServing() {
        provider.close();
    }

    @Override
    protected Downstream start(FakePlatform platform) {
        this.platform = platform;
        var properties = new HashMap<String, String>();
        properties.put("syncline.home", home.toString());
        properties.putAll(databaseProperties());
        properties.put("syncline.client.client-id", "consumer");
        properties.put("syncline.client.client-secret", "a-secret-of-more-than-24-characters");
        properties.put("syncline.consumer.provider-url", provider.url());
        properties.put("syncline.consumer.changes.enabled", "false");
        downstream = SpringDownstream.start(DataConsumer.class, platform, system(), properties);
        return downstream;
    }

    @Override
    protected String system() {
        return "data-consumer";
    }

    @Override
    protected String path() {
        return "/sync/countries";
    }

    @Override
    protected int effects(String businessKey) {
        return JdbcClient.create(database())
                .sql("""
                        select count(*) from merge_commit c
                        join sync_job j on j.job_id = c.job_id
                        join sync_work w on w.idempotency_key = j.idempotency_key
                        where w.request like :businessKey""")
                .param("businessKey", "%\"" + businessKey + "\"%")
                .query(Integer.class)
                .single();
    }

    @Test
    void publicationsAndMetricsTakeATokenWithTheirScopeAlone() throws Exception {
        assertThat(get("/published/2026-07-29", platform.apiToken("data:read"))).isEqualTo(404);
        assertThat(get("/published/2026-07-29", platform.apiToken("runs:read"))).isEqualTo(403);
        assertThat(get("/published/2026-07-29", platform.callToken(system()))).isEqualTo(401);
        assertThat(get("/published/2026-07-29", null)).isEqualTo(401);
        assertThat(get("/actuator/health/readiness", null)).isEqualTo(200);
        assertThat(get("/v3/api-docs", null)).isEqualTo(200);
    }

    private int get(String path, String token) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(downstream.url() + path));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        return HttpClient.newHttpClient()
                .send(request.build(), HttpResponse.BodyHandlers.ofString())
                .statusCode();
    }

    /** Of a database that outlives the service. */
    Map<String, String> databaseProperties() {
        return Map.of("spring.datasource.url", H2);
    }

    DataSource database() {
        var database = new JdbcDataSource();
        database.setURL(H2);
        database.setUser("sa");
        database.setPassword("");
        return database;
    }
}
