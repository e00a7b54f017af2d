package io.syncline.portal.platform;

import io.syncline.portal.platform.PlatformException.Kind;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.springframework.http.HttpMethod;
import org.springframework.web.client.RestClientResponseException;
import org.springframework.web.util.UriBuilder;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** The platform over HTTP, called as the person; turns every kind of refusal into words for them. */
class HttpPlatform implements Platform {

    private final PlatformHttp http;
    private final PersonCalls person;
    private final JsonMapper json;

    HttpPlatform(PlatformHttp http, PersonCalls person, JsonMapper json) {
        this.http = http;
        this.person = person;
        this.json = json;
    }

    @Override
    public <T> T ask(ApiCall call, Class<T> type) {
        var answer = answer(call);
        try {
            var read = json.readValue(answer.body(), type);
            if (read == null) {
                throw PlatformException.of(Kind.UNREADABLE, "The answer of %s is empty.".formatted(http.platformUrl()));
            }
            return read;
        } catch (JacksonException unreadable) {
            throw http.unreadable(unreadable);
        }
    }

    @Override
    public ApiAnswer answer(ApiCall call) {
        try {
            return person.answer(call.method(), uri -> address(uri, call), call.body(), call.headers(), call.patient());
        } catch (RestClientResponseException refusal) {
            if (refusal.getStatusCode().value() == 403 && http.problem(refusal).is("sign-in-again")) {
                throw new SignInAgainException(refusal);
            }
            throw inWords(refusal, call);
        }
    }

    /** Every value is a template variable, so that every character of it is encoded. */
    static URI address(UriBuilder uri, ApiCall call) {
        uri.path(call.path());
        var values = new ArrayList<>(call.variables());
        call.query().forEach((name, all) -> {
            for (var value : all) {
                uri.queryParam(name, "{" + name + values.size() + "}");
                values.add(value);
            }
        });
        return uri.build(values.toArray());
    }

    private PlatformException inWords(RestClientResponseException refusal, ApiCall call) {
        var problem = http.problem(refusal);
        return switch (refusal.getStatusCode().value()) {
            case 400, 422 ->
                call.method() == HttpMethod.GET
                        ? new PlatformException(
                                Kind.REFUSED_QUESTION,
                                "The platform does not accept these filters." + problem.afterSpace(),
                                problem,
                                refusal)
                        : new PlatformException(
                                Kind.REFUSED_FORM, String.join(" ", problem.sentences()), problem, refusal);
            case 403 -> new PlatformException(Kind.FORBIDDEN, forbidden(call), problem, refusal);
            case 404 ->
                new PlatformException(
                        Kind.UNKNOWN, "The platform knows nothing of this." + problem.afterSpace(), problem, refusal);
            case 409, 412, 428 ->
                new PlatformException(Kind.CONFLICT, String.join(" ", problem.sentences()), problem, refusal);
            case 429 ->
                new PlatformException(
                        Kind.UNAVAILABLE,
                        "The platform asks to wait for %d s.%s"
                                .formatted(PlatformHttp.retryAfter(refusal).toSeconds(), problem.afterSpace()),
                        problem,
                        refusal);
            default -> http.unexpected(refusal);
        };
    }

    private String forbidden(ApiCall call) {
        var who = person.person();
        var needed = call.scope() == null ? "another role" : "the scope " + call.scope();
        return "This needs %s; %s has %s.".formatted(needed, who.user(), rolesOf(who.roles()));
    }

    private static String rolesOf(List<String> roles) {
        return switch (roles.size()) {
            case 0 -> "no role";
            case 1 -> "the role " + roles.get(0);
            default -> "the roles " + String.join(", ", roles);
        };
    }
}
