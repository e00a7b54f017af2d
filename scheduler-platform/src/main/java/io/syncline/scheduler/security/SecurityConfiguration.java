package io.syncline.scheduler.security;

import java.util.List;
import org.springdoc.core.utils.SpringDocUtils;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.webmvc.autoconfigure.WebMvcRegistrations;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.core.userdetails.UsernameNotFoundException;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.firewall.RequestRejectedHandler;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** One stateless filter chain for everything: bearer tokens in, routes by their declarations, problems out. */
@Configuration(proxyBeanMethods = false)
class SecurityConfiguration implements WebMvcConfigurer {

    private final Doorkeeper doorkeeper;

    SecurityConfiguration(Doorkeeper doorkeeper) {
        this.doorkeeper = doorkeeper;
    }

    static {
        SpringDocUtils.getConfig().addRequestWrapperToIgnore(Caller.class);
    }

    @Bean
    SecurityFilterChain filterChain(
            HttpSecurity http,
            Routes routes,
            BearerTokens tokens,
            TokenCallers callers,
            WebhookFilter webhooks,
            Problems problems)
            throws Exception {
        return http.csrf(AbstractHttpConfigurer::disable)
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .requestCache(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .anonymous(AbstractHttpConfigurer::disable)
                .headers(headers -> headers.contentSecurityPolicy(
                                policy -> policy.policyDirectives("default-src 'none'; frame-ancestors 'none'"))
                        .referrerPolicy(referrer -> referrer.policy(ReferrerPolicy.NO_REFERRER)))
                .oauth2ResourceServer(server -> server.bearerTokenResolver(tokens)
                        .authenticationManagerResolver(callers)
                        .authenticationEntryPoint((request, response, refusal) ->
                                problems.write(request, response, Problems.unauthorized(true))))
                .exceptionHandling(handling -> handling.authenticationEntryPoint((request, response, refusal) ->
                        problems.write(request, response, Problems.unauthorized(false))))
                .addFilterBefore(webhooks, AuthorizationFilter.class)
                .addFilterBefore(new RouteFilter(routes, doorkeeper), AuthorizationFilter.class)
                // RouteFilter has decided; nothing is left to this one.
                .authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                .build();
    }

    /** It stands in the chain above, and nowhere else. */
    @Bean
    FilterRegistrationBean<WebhookFilter> webhookFilterOutsideOfTheChain(WebhookFilter webhooks) {
        var registration = new FilterRegistrationBean<>(webhooks);
        registration.setEnabled(false);
        return registration;
    }

    /** Another bean of this type, for a key management service, takes its place. */
    @Bean
    @ConditionalOnMissingBean
    KeyWrapper keyWrapper(WrappingKeyProperties properties) {
        return new LocalKeyWrapper(properties);
    }

    /** There are no users by name here; without this bean a default one would be made up. */
    @Bean
    UserDetailsService noUsers() {
        return name -> {
            throw new UsernameNotFoundException("no users");
        };
    }

    @Bean
    RequestRejectedHandler requestRejectedHandler(Problems problems) {
        return (request, response, rejected) -> problems.write(
                request,
                response,
                ProblemException.of(400, "bad-request", "Bad request")
                        .detail("The address or a header holds what none of ours may hold."));
    }

    @Bean
    WebMvcRegistrations shapedHandlerMapping() {
        return new WebMvcRegistrations() {
            @Override
            public RequestMappingHandlerMapping getRequestMappingHandlerMapping() {
                return new ShapedHandlerMapping();
            }
        };
    }

    /** The request as a whole is observed; a meter for each filter of the chain told nobody anything and cost each request. */
    @Bean
    SecurityObservationSettings noObservationsOfFilters() {
        return SecurityObservationSettings.noObservations();
    }

    /** Last, so that this valve reports before the one that Boot adds. */
    @Bean
    @Order(Ordered.LOWEST_PRECEDENCE)
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> problemValve(Problems problems) {
        return factory -> factory.addContextCustomizers(
                context -> context.getParent().getPipeline().addValve(new ProblemValve(problems)));
    }

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(new RouteInterceptor(doorkeeper));
    }

    @Override
    public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
        resolvers.add(new CallerArgument());
    }
}
