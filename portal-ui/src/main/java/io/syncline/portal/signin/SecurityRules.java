package io.syncline.portal.signin;

import jakarta.servlet.DispatcherType;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.servlet.ConfigurableServletWebServerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.crypto.password.Pbkdf2PasswordEncoder;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.AuthenticationFailureHandler;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.security.web.session.DisableEncodeUrlFilter;

/** Deny by default: every page needs the signed-in administrator, but the few that are listed. */
@Configuration(proxyBeanMethods = false)
class SecurityRules {

    private static final Logger LOG = LoggerFactory.getLogger(SecurityRules.class);

    // No script at all; forms and pages of this origin only.
    private static final String CONTENT_SECURITY_POLICY = "default-src 'none'; style-src 'self'; img-src 'self';"
            + " form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    @Bean
    AdministratorSignIn administrator(SignInProperties properties, Clock clock) {
        var password = AdministratorPassword.from(properties.adminPassword());
        if (password.generated()) {
            LOG.info(
                    "Portal administrator: name {}, password {} (generated for this start and not shown again;"
                            + " SYNCLINE_PORTAL_ADMIN_PASSWORD sets one)",
                    AdministratorSignIn.NAME,
                    password.text());
        }
        var encoder = Pbkdf2PasswordEncoder.defaultsForSpringSecurity_v5_8();
        return new AdministratorSignIn(encoder, password, new SignInDelays(), clock);
    }

    @Bean
    SecurityFilterChain pages(
            HttpSecurity http, AdministratorSignIn administrator, SignInProperties properties, Clock clock) {
        return http.authenticationProvider(administrator)
                .addFilterBefore(new SessionAge(properties.maxSession(), clock), DisableEncodeUrlFilter.class)
                .authorizeHttpRequests(
                        rules -> rules.dispatcherTypeMatchers(DispatcherType.FORWARD, DispatcherType.ERROR)
                                .permitAll()
                                .requestMatchers("/sign-in", "/sign-in/refused")
                                .permitAll()
                                .requestMatchers(HttpMethod.GET, "/assets/**", "/v3/api-docs", "/v3/api-docs.yaml")
                                .permitAll()
                                .requestMatchers(HttpMethod.GET, "/actuator/health", "/actuator/health/*")
                                .permitAll()
                                .anyRequest()
                                .hasRole("ADMINISTRATOR"))
                .formLogin(form -> form.loginPage("/sign-in")
                        .loginProcessingUrl("/sign-in")
                        .defaultSuccessUrl("/runs")
                        .failureHandler(refusal()))
                .logout(out -> out.logoutUrl("/sign-out").logoutSuccessUrl("/sign-in?signedOut=true"))
                .headers(headers -> headers.contentSecurityPolicy(csp -> csp.policyDirectives(CONTENT_SECURITY_POLICY))
                        .referrerPolicy(referrer -> referrer.policy(ReferrerPolicy.SAME_ORIGIN))
                        .permissionsPolicyHeader(policy -> policy.policy("camera=(), geolocation=(), microphone=()"))
                        .crossOriginOpenerPolicy(opener -> opener.policy(
                                org.springframework.security.web.header.writers.CrossOriginOpenerPolicyHeaderWriter
                                        .CrossOriginOpenerPolicy.SAME_ORIGIN)))
                .build();
    }

    private static AuthenticationFailureHandler refusal() {
        return (request, response, refusal) -> {
            request.setAttribute(SignInController.REFUSAL, refusal);
            request.getRequestDispatcher("/sign-in/refused").forward(request, response);
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
