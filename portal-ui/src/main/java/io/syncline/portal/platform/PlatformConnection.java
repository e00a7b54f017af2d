package io.syncline.portal.platform;

import java.net.http.HttpClient;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
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
                .build();
        var patient = http.mutate().requestFactory(patientRequests).build();
        return new PlatformHttp(http, patient, properties.platformUrl(), json);
    }

    @Bean
    Sessions sessions(PlatformHttp http, PlatformProperties properties, Clock clock) {
        return new HttpSessions(http, new AccessTokens(http.client(), properties, clock), clock);
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
