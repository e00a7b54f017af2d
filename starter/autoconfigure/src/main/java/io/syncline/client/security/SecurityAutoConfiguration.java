package io.syncline.client.security;

import io.syncline.client.ClientProperties;
import io.syncline.client.ClientProperties.ApiPath;
import io.syncline.client.platform.PlatformAutoConfiguration;
import io.syncline.client.platform.PlatformHttp;
import io.syncline.client.problem.ProblemAutoConfiguration;
import io.syncline.client.problem.ProblemWriter;
import io.syncline.client.webhook.WebhookProperties;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.AuthenticationManagerResolver;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.servlet.HandlerMapping;

/** The filter chain of a service that the platform calls; a service with a chain of its own keeps that. */
@AutoConfiguration(
        after = {PlatformAutoConfiguration.class, ProblemAutoConfiguration.class},
        beforeName = {
            "org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration",
            "org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration",
            "org.springframework.boot.security.oauth2.server.resource.autoconfigure.web.OAuth2ResourceServerWebSecurityAutoConfiguration"
        })
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnBooleanProperty(name = "syncline.client.enabled", matchIfMissing = true)
@EnableConfigurationProperties(WebhookProperties.class)
class SecurityAutoConfiguration {

    /** The audience of tokens for APIs, as the platform's own. */
    private static final String API_AUDIENCE = "syncline";

    private static final List<String> ALWAYS_OPEN =
            List.of("/actuator/health", "/actuator/health/**", "/v3/api-docs", "/v3/api-docs/**", "/v3/api-docs.yaml");

    private static final ApiPath METRICS = new ApiPath("/actuator/prometheus", "GET", "runs:read");

    @Bean
    @ConditionalOnMissingBean(SecurityFilterChain.class)
    @ConditionalOnBooleanProperty(name = "syncline.client.security-enabled", matchIfMissing = true)
    PlatformKeys synclinePlatformKeys(ClientProperties properties, PlatformHttp http) {
        return new PlatformKeys(http, properties.effectiveJwksUrl(), System::nanoTime);
    }

    /** An observation around each filter costs every request more than the filters do; a bean of the service's own wins. */
    @Bean
    @ConditionalOnMissingBean({SecurityFilterChain.class, SecurityObservationSettings.class})
    @ConditionalOnBooleanProperty(name = "syncline.client.security-enabled", matchIfMissing = true)
    SecurityObservationSettings synclineSecurityObservations() {
        return SecurityObservationSettings.noObservations();
    }

    @Bean
    @ConditionalOnMissingBean(SecurityFilterChain.class)
    @ConditionalOnBooleanProperty(name = "syncline.client.security-enabled", matchIfMissing = true)
    AuthenticationManagerResolver<HttpServletRequest> synclineTokens(
            ClientProperties properties,
            PlatformKeys keys,
            ObjectProvider<SyncPaths> syncPaths,
            WebhookProperties webhooks) {
        var verifier = new TokenVerifier(
                keys, properties.effectiveIssuer(), Clock.systemUTC(), new VerifiedTokens(properties.verifiedTokens()));
        var routes = routes(properties, syncPaths, webhooks);
        var refusals = new TokenRefusals(properties.effectiveIssuer(), System::nanoTime);
        return request -> manager(verifier, audiences(routes, request, properties), refusals);
    }

    @Bean
    @ConditionalOnMissingBean(SecurityFilterChain.class)
    @ConditionalOnBooleanProperty(name = "syncline.client.security-enabled", matchIfMissing = true)
    SecurityFilterChain synclineFilterChain(
            HttpSecurity http,
            AuthenticationManagerResolver<HttpServletRequest> synclineTokens,
            ClientProperties properties,
            ObjectProvider<SyncPaths> syncPaths,
            WebhookProperties webhooks,
            ObjectProvider<HandlerMapping> mappings,
            ProblemWriter writer) {
        var problems = new ProblemEntryPoint(writer);
        var guard = new RouteGuard(
                routes(properties, syncPaths, webhooks),
                new DeclaredRoutes(() -> mappings.stream().toList()));
        return http.csrf(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .authorizeHttpRequests(
                        requests -> requests.dispatcherTypeMatchers(DispatcherType.ERROR, DispatcherType.ASYNC)
                                .permitAll()
                                .anyRequest()
                                .access(guard))
                .oauth2ResourceServer(server ->
                        server.authenticationManagerResolver(synclineTokens).authenticationEntryPoint(problems))
                .exceptionHandling(
                        trouble -> trouble.authenticationEntryPoint(problems).accessDeniedHandler(problems))
                .build();
    }

    private static Routes routes(
            ClientProperties properties, ObjectProvider<SyncPaths> syncPaths, WebhookProperties webhooks) {
        var api = new ArrayList<>(properties.apiPaths());
        api.add(METRICS);
        var open = new ArrayList<>(ALWAYS_OPEN);
        open.addAll(properties.publicPaths());
        return new Routes(
                () -> syncPaths.stream()
                        .flatMap(paths -> paths.patterns().stream())
                        .toList(),
                api,
                open,
                webhooks.paths());
    }

    /** On a route that nothing is declared of, either audience will do: the answer is that it is not there. */
    private static Set<String> audiences(Routes routes, HttpServletRequest request, ClientProperties properties) {
        if (routes.isSync(request)) {
            return Set.of(properties.requiredSystem());
        }
        var system = properties.system();
        if (system == null || system.isBlank() || routes.scope(request).isPresent()) {
            return Set.of(API_AUDIENCE);
        }
        return Set.of(API_AUDIENCE, system);
    }

    private static AuthenticationManager manager(
            TokenVerifier verifier, Set<String> audiences, TokenRefusals refusals) {
        return authentication -> {
            if (!(authentication instanceof BearerTokenAuthenticationToken bearer)) {
                throw new InvalidBearerTokenException("Send an access token of the platform as bearer token.");
            }
            try {
                return new TokenAuthentication(verifier.verify(bearer.getToken(), audiences));
            } catch (BadTokenException e) {
                var reason = e.getMessage() == null ? "refused" : e.getMessage();
                refusals.refused(reason, audiences);
                throw new InvalidBearerTokenException(reason);
            }
        };
    }
}
