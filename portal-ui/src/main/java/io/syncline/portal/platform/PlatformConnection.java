package io.syncline.portal.platform;

import io.syncline.tracing.TraceContext;
import java.net.http.HttpClient;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ClientHttpRequest;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.web.client.RestClient;
import tools.jackson.databind.json.JsonMapper;

@Configuration(proxyBeanMethods = false)
class PlatformConnection {

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean
    HttpClient platformClient(PlatformProperties properties) {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(properties.connectTimeout())
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    @Bean
    PlatformHttp platformHttp(
            HttpClient client, RestClient.Builder builder, PlatformProperties properties, JsonMapper json) {
        var requests = new JdkClientHttpRequestFactory(client);
        requests.setReadTimeout(properties.answerTimeout());
        var patientRequests = new JdkClientHttpRequestFactory(client);
        patientRequests.setReadTimeout(properties.testTimeout());
        var http = builder.baseUrl(properties.platformUrl())
                .requestFactory(requests)
                .requestInitializer(PlatformConnection::withinTheTrace)
                .build();
        var patient = http.mutate().requestFactory(patientRequests).build();
        return new PlatformHttp(http, patient, properties.platformUrl(), json);
    }

    /** What the platform does for a page belongs to the page's trace. */
    private static void withinTheTrace(ClientHttpRequest request) {
        TraceContext.headers(TraceContext.current().orElse(null)).forEach(request.getHeaders()::set);
    }

    @Bean
    Sessions sessions(PlatformHttp http, PlatformProperties properties, Clock clock) {
        var portal = new AccessTokens.Client(
                properties.clientId(),
                properties.clientSecret(),
                "of its own",
                "SYNCLINE_PORTAL_CLIENT_ID and SYNCLINE_PORTAL_CLIENT_SECRET",
                null);
        return new HttpSessions(http, new AccessTokens(http.client(), portal, clock), clock);
    }

    /** Its answers are waited for by whoever looks at a page, so it has times of its own, the token's included. */
    @Bean
    DataServices dataServices(
            HttpClient client,
            RestClient.Builder builder,
            PlatformProperties platform,
            DataProperties properties,
            JsonMapper json,
            Clock clock) {
        if (properties.clientId() != null
                && !properties.clientId().isBlank()
                && properties.clientId().equals(platform.clientId())) {
            throw new IllegalStateException("syncline.portal.data.client-id is the portal's own client, which may open"
                    + " sessions of people; make another one with the scope runs:read alone");
        }
        var requests = new JdkClientHttpRequestFactory(client);
        requests.setReadTimeout(properties.answerTimeout());
        var http = builder.clone().requestFactory(requests).build();
        var reader = new AccessTokens.Client(
                properties.clientId(),
                properties.clientSecret(),
                "for data",
                "SYNCLINE_PORTAL_DATA_CLIENT_ID and SYNCLINE_PORTAL_DATA_CLIENT_SECRET",
                "runs:read");
        var atPlatform = http.mutate().baseUrl(platform.platformUrl()).build();
        return new HttpDataServices(http, new AccessTokens(atPlatform, reader, clock), properties, json);
    }

    @Bean
    PersonCalls personCalls(PlatformHttp http, CurrentPerson current) {
        return new PersonCalls(http, current);
    }

    @Bean
    Platform platform(PlatformHttp http, PersonCalls person, JsonMapper json) {
        return new HttpPlatform(http, person, json);
    }

    @Bean
    Events events(HttpClient client, PlatformProperties properties, CurrentPerson current) {
        return new HttpEvents(client, properties, current);
    }

    @Bean
    Account account(PlatformHttp http, PersonCalls person) {
        return new HttpAccount(http, person);
    }
}
