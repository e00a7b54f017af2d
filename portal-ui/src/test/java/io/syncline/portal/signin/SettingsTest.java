package io.syncline.portal.signin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

    private static final List<String> SCOPES = List.of("openid");

    @Test
    void withoutAnIssuerNobodyComesFromOne() {
        assertThat(new OidcProperties(null, null, null, SCOPES, "it").isEnabled())
                .isFalse();
        assertThat(new OidcProperties(URI.create(""), "", "", SCOPES, "it").isEnabled())
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://idp.example.com/realms/a", "http://127.0.0.1:9000", "http://localhost:9000"})
    void anIssuerIsReachedSafely(String issuer) {
        assertThat(new OidcProperties(URI.create(issuer), "portal", "secret", SCOPES, "it").isEnabled())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://idp.example.com", "ftp://127.0.0.1", "http://127.0.0.1.example.com", "idp"})
    void anyOtherAddressStopsTheStart(String issuer) {
        assertThatThrownBy(() -> new OidcProperties(URI.create(issuer), "portal", "secret", SCOPES, "it"))
                .hasMessageContaining("https");
    }

    @Test
    void halfASettingStopsTheStart() {
        var issuer = URI.create("https://idp.example.com");

        assertThatThrownBy(() -> new OidcProperties(issuer, "portal", null, SCOPES, "it"))
                .hasMessageContaining("client-secret");
        assertThatThrownBy(() -> new OidcProperties(null, "portal", "secret", SCOPES, "it"))
                .hasMessageContaining("issuer-uri");
        assertThatThrownBy(() -> new OidcProperties(issuer, "portal", "secret", List.of("email"), "it"))
                .hasMessageContaining("openid");
    }

    @Test
    void secretsAreNotPrinted() {
        var properties = new OidcProperties(URI.create("https://idp.example.com"), "portal", "s3cr3t", SCOPES, "it");

        assertThat(properties.toString()).doesNotContain("s3cr3t");
    }

    @Test
    void theLongestSessionIsBounded() {
        assertThatThrownBy(() -> new SignInProperties(false, Duration.ofHours(25)))
                .hasMessageContaining("max-session");
        assertThatThrownBy(() -> new SignInProperties(false, Duration.ofMinutes(14)))
                .hasMessageContaining("max-session");
    }
}
