package io.syncline.portal.platform;

import io.syncline.portal.platform.PlatformException.Kind;
import java.net.URI;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;
import org.springframework.web.client.RestClientResponseException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** The services that hold data over HTTP; says in words for the operator what is wrong with one, and never where it is. */
class HttpDataServices implements DataServices {

    private final RestClient http;
    private final AccessTokens tokens;
    private final JsonMapper json;
    private final Map<Service, URI> addresses = new EnumMap<>(Service.class);

    /** @param tokens of the client that may read how the services stand */
    HttpDataServices(RestClient http, AccessTokens tokens, DataProperties properties, JsonMapper json) {
        this.http = http;
        this.tokens = tokens;
        this.json = json;
        put(Service.PROVIDER, properties.providerUrl());
        put(Service.CONSUMER, properties.consumerUrl());
    }

    private void put(Service service, @Nullable URI address) {
        if (address != null) {
            addresses.put(service, address);
        }
    }

    @Override
    public Optional<URI> address(Service service) {
        return Optional.ofNullable(addresses.get(service));
    }

    @Override
    public <T> T ask(Service service, ApiCall call, Class<T> type) {
        var address = address(service)
                .orElseThrow(() -> PlatformException.of(
                        Kind.NOT_CONNECTED, "The portal was not told where the %s is.".formatted(service.words())));
        var token = token(service);
        try {
            return read(answer(address, call, token), type);
        } catch (RestClientResponseException refusal) {
            if (refusal.getStatusCode() != HttpStatus.UNAUTHORIZED) {
                throw inWords(service, refusal);
            }
            tokens.refused(token);
        } catch (ResourceAccessException noAnswer) {
            throw silent(service, noAnswer);
        } catch (RestClientException | JacksonException unreadable) {
            throw unreadable(service, unreadable);
        }
        try {
            return read(answer(address, call, token(service)), type);
        } catch (RestClientResponseException again) {
            throw inWords(service, again);
        } catch (ResourceAccessException noAnswer) {
            throw silent(service, noAnswer);
        } catch (RestClientException | JacksonException unreadable) {
            throw unreadable(service, unreadable);
        }
    }

    private String token(Service service) {
        try {
            return tokens.current();
        } catch (RestClientException noToken) {
            throw new PlatformException(
                    Kind.UNAVAILABLE,
                    "The platform gives the portal no token for the %s now.".formatted(service.words()),
                    Problem.NONE,
                    noToken);
        }
    }

    private byte[] answer(URI address, ApiCall call, String token) {
        var body = http.get()
                .uri(address.toString(), uri -> HttpPlatform.address(uri, call))
                .header(HttpHeaders.AUTHORIZATION, "Bearer " + token)
                .retrieve()
                .body(byte[].class);
        return body == null ? new byte[0] : body;
    }

    private <T> T read(byte[] body, Class<T> type) {
        return json.readValue(body, type);
    }

    private PlatformException inWords(Service service, RestClientResponseException refusal) {
        var problem = problem(refusal);
        var status = refusal.getStatusCode().value();
        var said = problem.title() == null ? "" : " " + problem.title() + ".";
        return switch (status) {
            case 401, 403 ->
                new PlatformException(
                        Kind.NOT_CONNECTED,
                        "The %s does not take the portal's client for data (%d).%s Check that it has the scope runs:read."
                                .formatted(service.words(), status, said),
                        problem,
                        refusal);
            case 400 ->
                new PlatformException(
                        Kind.REFUSED_QUESTION,
                        "The %s does not accept this.%s".formatted(service.words(), said),
                        problem,
                        refusal);
            case 404 ->
                new PlatformException(
                        Kind.UNKNOWN, "The %s has none.%s".formatted(service.words(), said), problem, refusal);
            default ->
                new PlatformException(
                        Kind.UNAVAILABLE,
                        "The %s answered %d.%s".formatted(service.words(), status, said),
                        problem,
                        refusal);
        };
    }

    private Problem problem(RestClientResponseException refusal) {
        try {
            var problem = json.readValue(refusal.getResponseBodyAsByteArray(), Problem.class);
            return problem == null ? Problem.NONE : problem;
        } catch (JacksonException notAProblem) {
            return Problem.NONE;
        }
    }

    private static PlatformException silent(Service service, Exception cause) {
        return new PlatformException(
                Kind.UNAVAILABLE, "The %s does not answer.".formatted(service.words()), Problem.NONE, cause);
    }

    private static PlatformException unreadable(Service service, Exception cause) {
        return new PlatformException(
                Kind.UNREADABLE,
                "The answer of the %s is not one that the portal understands.".formatted(service.words()),
                Problem.NONE,
                cause);
    }
}
