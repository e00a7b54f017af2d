package com.example.prices.downstream;

import io.syncline.client.TokenClient;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.http.HttpHeaders;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;

/** Fetches lists of the upstream, with a token of the platform. */
@Component
class Feed {

    private final RestClient http;
    private final TokenClient tokens;

    Feed(UpstreamProperties upstream, TokenClient tokens) {
        var requests = new JdkClientHttpRequestFactory();
        requests.setReadTimeout(Duration.ofSeconds(30));
        this.http = RestClient.builder()
                .baseUrl(upstream.url())
                .requestFactory(requests)
                .build();
        this.tokens = tokens;
    }

    /**
     * A day's list as it came.
     *
     * @param expected the checksum that the upstream says
     * @param actual the checksum of what came
     */
    record Fetched(int version, String expected, String actual, Map<String, Integer> prices) {

        boolean isWhole() {
            return expected.equals(actual);
        }
    }

    /** @throws org.springframework.web.client.RestClientException when there is no list, or no answer */
    Fetched fetch(String day) {
        var answer = http.get()
                .uri("/prices/{day}", day)
                .header(HttpHeaders.AUTHORIZATION, "Bearer " + tokens.accessToken("data:read"))
                .retrieve()
                .toEntity(byte[].class);
        var body = answer.getBody() == null ? new byte[0] : answer.getBody();
        var headers = answer.getHeaders();
        var version = String.valueOf(headers.getETag()).replace("\"", "");
        var expected = String.valueOf(headers.getFirst("Repr-Digest"));
        return new Fetched(Integer.parseInt(version), expected, digest(body), prices(body));
    }

    private static Map<String, Integer> prices(byte[] csv) {
        var prices = new TreeMap<String, Integer>();
        new String(csv, StandardCharsets.UTF_8)
                .lines()
                .map(line -> line.split(",", -1))
                .filter(parts -> parts.length == 2 && parts[1].matches("[0-9]{1,9}"))
                .forEach(parts -> prices.put(parts[0], Integer.valueOf(parts[1])));
        return prices;
    }

    private static String digest(byte[] body) {
        try {
            var hash = MessageDigest.getInstance("SHA-256").digest(body);
            return "sha-256=:" + Base64.getEncoder().encodeToString(hash) + ":";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
