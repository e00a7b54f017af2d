package io.syncline.portal.signin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.web.client.RestClient;

class OidcProviderTest {

    private static final String WHOLE = """
            {"issuer":"%1$s","authorization_endpoint":"%1$s/a","token_endpoint":"%1$s/t","jwks_uri":"%1$s/k",
             "response_types_supported":["code"],"subject_types_supported":["public"],
             "id_token_signing_alg_values_supported":["RS256"]}""";

    private HttpServer server;
    private String issuer;
    private volatile int status = 200;
    private volatile String document = "";
    private volatile int asked;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        server.createContext("/.well-known/openid-configuration", exchange -> {
            asked++;
            var body = document.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        issuer = "http://127.0.0.1:" + server.getAddress().getPort();
        document = WHOLE.formatted(issuer);
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void aProviderThatWasDownIsAskedAgainAndThenRemembered() {
        var provider = provider();
        status = 503;
        assertThatThrownBy(() -> provider.findByRegistrationId(OidcProvider.ID)).isNotNull();
        status = 200;

        var found = Objects.requireNonNull(provider.findByRegistrationId(OidcProvider.ID));
        provider.findByRegistrationId(OidcProvider.ID);

        assertThat(found.getProviderDetails().getTokenUri()).isEqualTo(issuer + "/t");
        assertThat(found.getScopes()).containsExactly("openid");
        assertThat(asked).isEqualTo(2);
    }

    @Test
    void anotherNameIsNoProvider() {
        assertThat(provider().findByRegistrationId("another")).isNull();
        assertThat(asked).isZero();
    }

    @Test
    void aDocumentOfAnotherIssuerIsRefused() {
        document = WHOLE.formatted("https://idp.example.com");

        assertThatThrownBy(() -> provider().findByRegistrationId(OidcProvider.ID))
                .hasMessageContaining("does not describe the issuer");
    }

    @Test
    void endpointsOutsideHttpsAreRefused() {
        document = document.replace(issuer + "/k", "http://idp.example.com/k");

        assertThatThrownBy(() -> provider().findByRegistrationId(OidcProvider.ID))
                .hasMessageContaining("https");
    }

    private OidcProvider provider() {
        var properties = new OidcProperties(URI.create(issuer), "portal", "secret", List.of("openid"), "it");
        return new OidcProvider(
                properties,
                RestClient.builder()
                        .requestFactory(new JdkClientHttpRequestFactory())
                        .build());
    }
}
