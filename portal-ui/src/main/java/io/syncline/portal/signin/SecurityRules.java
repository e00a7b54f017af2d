package io.syncline.portal.signin;

import io.syncline.portal.page.LocalPath;
import io.syncline.portal.platform.Sessions;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.servlet.ConfigurableServletWebServerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.security.web.authentication.AuthenticationFailureHandler;
import org.springframework.security.web.authentication.AuthenticationSuccessHandler;
import org.springframework.security.web.csrf.CsrfException;
import org.springframework.security.web.header.writers.CrossOriginOpenerPolicyHeaderWriter.CrossOriginOpenerPolicy;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.security.web.session.DisableEncodeUrlFilter;

/** Deny by default: every page needs a person whom the platform let in, but the few that are listed. */
@Configuration(proxyBeanMethods = false)
class SecurityRules {

    private static final String START_PAGE = "/";

    // Scripts are files of this origin; none stands in a page. Forms and pages of this origin only.
    private static final String CONTENT_SECURITY_POLICY = "default-src 'none'; script-src 'self'; connect-src 'self';"
            + " style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    /** As the one provider it becomes the application's; naming it to the chain as well would ask the platform twice. */
    @Bean
    PlatformSignIn platformSignIn(Sessions sessions) {
        return new PlatformSignIn(sessions);
    }

    @Bean
    TargetPages targetPages() {
        return new TargetPages();
    }

    @Bean
    SecurityFilterChain pages(
            HttpSecurity http,
            TargetPages targets,
            SignInProperties properties,
            ObjectProvider<OidcSignIn> oidc,
            Clock clock) {
        http.addFilterBefore(new SessionAge(properties.maxSession(), clock), DisableEncodeUrlFilter.class)
                .requestCache(cache -> cache.requestCache(targets))
                .authorizeHttpRequests(rules -> rules.dispatcherTypeMatchers(
                                DispatcherType.FORWARD, DispatcherType.ERROR)
                        .permitAll()
                        .requestMatchers("/sign-in", "/sign-in/refused", "/set-up")
                        .permitAll()
                        .requestMatchers(
                                HttpMethod.GET, "/assets/**", "/webjars/**", "/v3/api-docs", "/v3/api-docs.yaml")
                        .permitAll()
                        .requestMatchers(HttpMethod.GET, "/actuator/health", "/actuator/health/*")
                        .permitAll()
                        .requestMatchers("/actuator/**")
                        .hasAuthority("SCOPE_runs:read")
                        .anyRequest()
                        .authenticated())
                .formLogin(form -> form.loginPage("/sign-in")
                        .loginProcessingUrl("/sign-in")
                        .successHandler(arrival(targets))
                        .failureHandler(refusal()))
                .exceptionHandling(refusals ->
                        refusals.authenticationEntryPoint(toSignIn()).accessDeniedHandler(denied()))
                .logout(out -> out.logoutUrl("/sign-out")
                        .addLogoutHandler((request, response, authentication) -> {
                            if (authentication != null && authentication.getPrincipal() instanceof SignedIn person) {
                                person.session().end();
                            }
                        })
                        .logoutSuccessUrl("/sign-in?signedOut=true"))
                .headers(headers -> headers.contentSecurityPolicy(csp -> csp.policyDirectives(CONTENT_SECURITY_POLICY))
                        .referrerPolicy(referrer -> referrer.policy(ReferrerPolicy.SAME_ORIGIN))
                        .permissionsPolicyHeader(policy -> policy.policy("camera=(), geolocation=(), microphone=()"))
                        .crossOriginOpenerPolicy(opener -> opener.policy(CrossOriginOpenerPolicy.SAME_ORIGIN)));
        oidc.ifAvailable(provider -> provider.addTo(http, arrival(targets), refusal()));
        return http.build();
    }

    /** To the page that was wanted; the age of the session counts from now. */
    private static AuthenticationSuccessHandler arrival(TargetPages targets) {
        return (request, response, authentication) -> {
            if (authentication.getPrincipal() instanceof SignedIn person) {
                SessionAge.begin(request.getSession(), person.session());
            }
            response.sendRedirect(
                    targets.take(request).map(LocalPath::text).orElse(request.getContextPath() + START_PAGE));
        };
    }

    private static AuthenticationFailureHandler refusal() {
        return (request, response, refusal) -> {
            request.setAttribute(SignInController.REFUSAL, refusal);
            request.getRequestDispatcher("/sign-in/refused").forward(request, response);
        };
    }

    private static AuthenticationEntryPoint toSignIn() {
        return (request, response, refusal) -> {
            if (LiveRequests.is(request)) {
                response.setStatus(HttpStatus.UNAUTHORIZED.value());
                return;
            }
            response.sendRedirect(
                    request.getContextPath() + (hadSession(request) ? "/sign-in?ended=true" : "/sign-in"));
        };
    }

    /** A cookie of a session that is no more: it timed out, or the portal started anew. */
    private static boolean hadSession(HttpServletRequest request) {
        return request.getRequestedSessionId() != null && !request.isRequestedSessionIdValid();
    }

    private static AccessDeniedHandler denied() {
        return (request, response, denial) -> {
            var badForm = denial instanceof CsrfException;
            if (badForm && request.getServletPath().equals("/sign-in")) {
                refusal().onAuthenticationFailure(request, response, SignInRefusedException.stalePage());
                return;
            }
            request.setAttribute(RefusedController.BAD_FORM, badForm);
            response.setStatus(HttpStatus.FORBIDDEN.value());
            request.getRequestDispatcher("/refused").forward(request, response);
        };
    }

    /** Over HTTPS the cookie takes the host prefix, with which a browser accepts it from this host alone. */
    @Bean
    WebServerFactoryCustomizer<ConfigurableServletWebServerFactory> sessionCookie(SignInProperties properties) {
        return factory -> {
            var cookie = factory.getSettings().getSession().getCookie();
            cookie.setName(properties.https() ? "__Host-syncline" : "syncline");
            cookie.setSecure(properties.https());
        };
    }
}
