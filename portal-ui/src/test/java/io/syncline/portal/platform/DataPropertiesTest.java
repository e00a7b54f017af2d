package io.syncline.portal.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.web.client.RestClient;
import tools.jackson.databind.json.JsonMapper;

class DataPropertiesTest {

    private static final Duration LONG = Duration.ofSeconds(2);

    private static DataProperties at(String provider, String client) {
        return new DataProperties(URI.create(provider), null, client, "a-secret-of-data", LONG);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://ana:password-of-ana@provider.example.com",
                "https://provider.example.com/?token=abc",
                "https://provider.example.com/#part",
                "ftp://provider.example.com",
                "provider.example.com",
                "https:///data"
            })
    void anAddressThatMayHoldASecretOrIsNoneRefusesTheStart(String address) {
        assertThatThrownBy(() -> at(address, "portal-data"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("syncline.portal.data.provider-url")
                .hasMessageNotContaining("password-of-ana");
    }

    @Test
    void anEmptyAddressIsNone() {
        assertThat(at("", "portal-data").providerUrl()).isNull();
        assertThat(at("https://provider.example.com/base", "portal-data").providerUrl())
                .isEqualTo(URI.create("https://provider.example.com/base"));
    }

    @Test
    void theSecretIsInNoText() {
        assertThat(at("https://provider.example.com", "portal-data").toString())
                .contains("portal-data", "hidden")
                .doesNotContain("a-secret-of-data");
    }

    /** A service that was taken over could open sessions of people with its token. */
    @Test
    void thePortalsOwnClientIsNotShownToTheServices() {
        var platform = new PlatformProperties(
                URI.create("http://127.0.0.1:1"), "portal", "a-secret-of-the-portal", LONG, LONG, LONG);

        assertThatThrownBy(() -> new PlatformConnection()
                        .dataServices(
                                HttpClient.newHttpClient(),
                                RestClient.builder(),
                                platform,
                                at("https://provider.example.com", "portal"),
                                JsonMapper.builder().build(),
                                Clock.systemUTC()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("make another one with the scope runs:read alone");
    }
}
