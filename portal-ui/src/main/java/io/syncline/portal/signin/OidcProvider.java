package io.syncline.portal.signin;

import java.net.URI;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.client.registration.ClientRegistrations;
import org.springframework.web.client.RestClient;

/**
 * The identity provider as its discovery document describes it (OpenID Connect Discovery 1.0). Asked for at the first
 * sign-in, not at the start: the portal starts while the provider is down.
 */
class OidcProvider implements ClientRegistrationRepository {

    static final String ID = "oidc";

    private final OidcProperties properties;
    private final RestClient http;
    private volatile @Nullable ClientRegistration known;

    OidcProvider(OidcProperties properties, RestClient http) {
        this.properties = properties;
        this.http = http;
    }

    @Override
    public @Nullable ClientRegistration findByRegistrationId(String registrationId) {
        if (!ID.equals(registrationId)) {
            return null;
        }
        var registration = known;
        if (registration == null) {
            registration = discovered();
            known = registration;
        }
        return registration;
    }

    private ClientRegistration discovered() {
        var issuer = Objects.requireNonNull(properties.issuerUri()).toString();
        var address = (issuer.endsWith("/") ? issuer : issuer + "/") + ".well-known/openid-configuration";
        var document = http.get()
                .uri(URI.create(address))
                .retrieve()
                .body(new ParameterizedTypeReference<Map<String, Object>>() {});
        if (document == null || !issuer.equals(document.get("issuer"))) {
            throw new IllegalStateException("%s does not describe the issuer %s".formatted(address, issuer));
        }
        for (var endpoint : new String[] {"authorization_endpoint", "token_endpoint", "jwks_uri"}) {
            OidcProperties.requireSafe(document.get(endpoint) instanceof String text ? URI.create(text) : null);
        }
        return ClientRegistrations.fromOidcConfiguration(document)
                .registrationId(ID)
                .clientName(properties.name())
                .clientId(Objects.requireNonNull(properties.clientId()))
                .clientSecret(properties.clientSecret())
                .scope(properties.scopes())
                .redirectUri("{baseUrl}" + OidcSignIn.BACK + "/{registrationId}")
                .build();
    }
}
