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
    Platform platform(RestClient.Builder builder, PlatformProperties properties, Clock clock, JsonMapper json) {
        var client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(properties.connectTimeout())
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
        var requests = new JdkClientHttpRequestFactory(client);
        requests.setReadTimeout(properties.answerTimeout());
        var http = builder.baseUrl(properties.platformUrl())
                .requestFactory(requests)
                .build();
        return new HttpPlatform(http, new AccessTokens(http, properties, clock), properties.platformUrl(), json);
    }
}
