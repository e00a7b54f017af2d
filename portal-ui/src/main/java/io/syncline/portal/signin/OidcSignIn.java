package io.syncline.portal.signin;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.http.converter.FormHttpMessageConverter;
import org.springframework.security.config.ObjectPostProcessor;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.endpoint.RestClientAuthorizationCodeTokenResponseClient;
import org.springframework.security.oauth2.client.http.OAuth2ErrorResponseErrorHandler;
import org.springframework.security.oauth2.client.oidc.authentication.OidcIdTokenValidator;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.web.DefaultOAuth2AuthorizationRequestResolver;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizationRequestCustomizers;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizationRequestRedirectFilter;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizedClientRepository;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;
import org.springframework.security.oauth2.core.http.converter.OAuth2AccessTokenResponseHttpMessageConverter;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtDecoderFactory;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.web.authentication.AuthenticationFailureHandler;
import org.springframework.security.web.authentication.AuthenticationSuccessHandler;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/** Sign-in by the identity provider: authorization code with PKCE, state and nonce; nothing of the provider is kept. */
@Component
@ConditionalOnExpression("!'${syncline.portal.oidc.issuer-uri:}'.isBlank()")
class OidcSignIn implements JwtDecoderFactory<ClientRegistration> {

    /** Followed by the registration's id: where the way to the provider begins, and where it comes back. */
    static final String BEGIN = "/sign-in/with";

    static final String BACK = "/sign-in/back";

    /** A parameter of the way there: the provider is to ask who it is, although it may know. */
    static final String AGAIN = "again";

    private static final Logger LOG = LoggerFactory.getLogger(OidcSignIn.class);
    private static final Duration CONNECT_WITHIN = Duration.ofSeconds(2);
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(5);
    private static final Duration CLOCK_SKEW = Duration.ofSeconds(30);
    // Signatures with a key pair alone; never the client secret as a key.
    /** Those that the platform takes as well, as far as the library can check them: it has no EdDSA. */
    private static final List<SignatureAlgorithm> ALGORITHMS =
            List.of(SignatureAlgorithm.RS256, SignatureAlgorithm.ES256);

    private final OidcProvider provider;
    private final PlatformSignIn platform;
    private final JdkClientHttpRequestFactory requests;
    private final Map<String, JwtDecoder> decoders = new ConcurrentHashMap<>();

    OidcSignIn(OidcProperties properties, PlatformSignIn platform) {
        this.platform = platform;
        this.requests = new JdkClientHttpRequestFactory(HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_WITHIN)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build());
        requests.setReadTimeout(ANSWER_WITHIN);
        this.provider = new OidcProvider(
                properties, RestClient.builder().requestFactory(requests).build());
    }

    void addTo(HttpSecurity http, AuthenticationSuccessHandler arrival, AuthenticationFailureHandler refusal) {
        var failure = inWords(refusal);
        var resolver = new DefaultOAuth2AuthorizationRequestResolver(provider, BEGIN);
        resolver.setAuthorizationRequestCustomizer(
                OAuth2AuthorizationRequestCustomizers.withPkce().andThen(OidcSignIn::askAnewIfWanted));
        var tokens = new RestClientAuthorizationCodeTokenResponseClient();
        tokens.setRestClient(RestClient.builder()
                .requestFactory(requests)
                .configureMessageConverters(converters -> converters
                        .addCustomConverter(new FormHttpMessageConverter())
                        .addCustomConverter(new OAuth2AccessTokenResponseHttpMessageConverter()))
                .defaultStatusHandler(new OAuth2ErrorResponseErrorHandler())
                .build());
        http.oauth2Login(login -> login.loginPage("/sign-in")
                .clientRegistrationRepository(provider)
                .authorizedClientRepository(new NothingKept())
                .authorizationEndpoint(begin -> begin.baseUri(BEGIN).authorizationRequestResolver(resolver))
                .redirectionEndpoint(back -> back.baseUri(BACK + "/*"))
                .tokenEndpoint(token -> token.accessTokenResponseClient(tokens))
                .userInfoEndpoint(user -> user.oidcUserService(platform))
                .successHandler(arrival)
                .failureHandler(failure)
                .withObjectPostProcessor(new ObjectPostProcessor<OAuth2AuthorizationRequestRedirectFilter>() {
                    @Override
                    public <F extends OAuth2AuthorizationRequestRedirectFilter> F postProcess(F filter) {
                        filter.setAuthenticationFailureHandler(failure);
                        return filter;
                    }
                }));
    }

    private static void askAnewIfWanted(OAuth2AuthorizationRequest.Builder beginning) {
        if (RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes attributes
                && attributes.getRequest().getParameter(AGAIN) != null) {
            beginning.additionalParameters(parameters -> parameters.put("prompt", "login"));
        }
    }

    /** Reads id tokens with the provider's keys, which are fetched within the same bounds as the rest. */
    @Override
    public JwtDecoder createDecoder(ClientRegistration registration) {
        return decoders.computeIfAbsent(registration.getRegistrationId(), id -> decoder(registration));
    }

    private JwtDecoder decoder(ClientRegistration registration) {
        var decoder = NimbusJwtDecoder.withJwkSetUri(
                        Objects.requireNonNull(registration.getProviderDetails().getJwkSetUri()))
                .restOperations(new RestTemplate(requests))
                .jwsAlgorithms(algorithms -> algorithms.addAll(ALGORITHMS))
                .build();
        var idToken = new OidcIdTokenValidator(registration);
        idToken.setClockSkew(CLOCK_SKEW);
        decoder.setJwtValidator(new DelegatingOAuth2TokenValidator<>(new JwtTimestampValidator(CLOCK_SKEW), idToken));
        return decoder;
    }

    /** What went wrong between here and the provider; what the platform refused has its words already. */
    private static AuthenticationFailureHandler inWords(AuthenticationFailureHandler refusal) {
        return (request, response, failure) -> refusal.onAuthenticationFailure(request, response, inWords(failure));
    }

    private static AuthenticationException inWords(AuthenticationException failure) {
        if (failure instanceof SignInRefusedException) {
            return failure;
        }
        LOG.warn("A sign-in by the identity provider failed: {}", failure.getMessage());
        if (failure instanceof OAuth2AuthenticationException said) {
            return switch (said.getError().getErrorCode()) {
                case "access_denied" ->
                    SignInRefusedException.byTheProvider("The identity provider did not let you in.", failure);
                case "authorization_request_not_found", "invalid_state_parameter" ->
                    SignInRefusedException.byTheProvider(
                            "This sign-in was not begun here, or too long ago. Begin again.", failure);
                default -> SignInRefusedException.unreachableProvider(failure);
            };
        }
        return SignInRefusedException.unreachableProvider(failure);
    }

    /** The portal calls nothing at the provider after the sign-in. */
    private static final class NothingKept implements OAuth2AuthorizedClientRepository {

        @Override
        public <T extends OAuth2AuthorizedClient> @Nullable T loadAuthorizedClient(
                String id, Authentication principal, HttpServletRequest request) {
            return null;
        }

        @Override
        public void saveAuthorizedClient(
                OAuth2AuthorizedClient client,
                Authentication principal,
                HttpServletRequest request,
                HttpServletResponse response) {
            // Not kept.
        }

        @Override
        public void removeAuthorizedClient(
                String id, Authentication principal, HttpServletRequest request, HttpServletResponse response) {
            // Nothing is there.
        }
    }

    static String beginning() {
        return BEGIN + "/" + OidcProvider.ID;
    }
}
