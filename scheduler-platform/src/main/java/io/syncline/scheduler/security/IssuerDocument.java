package io.syncline.scheduler.security;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A trusted issuer as it is put: everything wrong in it is told at once. */
final class IssuerDocument {

    private static final Set<String> MEMBERS =
            Set.of("issuer", "jwksUri", "algorithms", "audience", "types", "maxTokenLife", "people");
    private static final Set<String> DEFAULT_TYPES = Set.of("at+jwt", "JWT");
    private static final Duration DEFAULT_LIFE = Duration.ofHours(1);
    private static final Duration LONGEST_LIFE = Duration.ofHours(24);
    private static final int LONGEST_ISSUER = 500;
    private static final int LONGEST_AUDIENCE = 255;
    private static final int MOST_TYPES = 5;
    private static final Pattern VISIBLE = Pattern.compile("[!-~]+");
    private static final Pattern TYPE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9!#$&^_.+/-]{0,39}");

    private final JsonNode body;
    private final String ownIssuer;
    private final ProblemException problem = invalid();

    private IssuerDocument(JsonNode body, String ownIssuer) {
        this.body = body;
        this.ownIssuer = ownIssuer;
    }

    static ProblemException invalid() {
        return ProblemException.of(422, "issuer-invalid", "Invalid issuer")
                .detail(
                        "Send {\"issuer\": \"https://…\", \"jwksUri\": \"https://…\", \"algorithms\": [\"RS256\"]}; errors lists"
                                + " what is wrong.");
    }

    /** @param ownIssuer the platform's own, which nobody else is */
    static TrustedIssuer.Settings of(String key, JsonNode body, String ownIssuer) {
        return new IssuerDocument(body, ownIssuer).read(key);
    }

    private TrustedIssuer.Settings read(String key) {
        if (!Keys.isKey(key)) {
            problem.parameterError("key", "has lower-case letters, digits and inner hyphens, at most 63", "format");
        }
        if (!body.isObject()) {
            throw problem.error("", "is no object", "type");
        }
        body.propertyNames().stream()
                .filter(name -> !MEMBERS.contains(name))
                .forEach(name -> problem.error("/" + ClientDocument.escaped(name), "is unknown", "unknown-member"));
        var issuer = issuer();
        var address = text("jwksUri");
        var jwksUri = address == null ? missing("jwksUri") : RemoteJwks.address(address, "/jwksUri", problem);
        var algorithms = list("algorithms", Set.of(), StrictJws.ALGORITHMS::contains, "is not ES256, EdDSA or RS256");
        if (!given("algorithms")) {
            problem.error("/algorithms", "is missing", "missing");
        }
        var audience = audience();
        var types = list("types", DEFAULT_TYPES, text -> TYPE.matcher(text).matches(), "is no type");
        if (types.size() > MOST_TYPES) {
            problem.error("/types", "are more than " + MOST_TYPES, "range");
        }
        var life = life();
        var people = PeopleIssuer.of(body.get("people"), problem);
        if (people != null && people.clientId().equals(audience)) {
            problem.error("/people/clientId", "is the audience of access tokens: an id token must not be one", "taken");
        }
        if (problem.hasErrors() || issuer == null || jwksUri == null) {
            throw problem;
        }
        return new TrustedIssuer.Settings(issuer, jwksUri, algorithms, audience, types, life);
    }

    private boolean given(String member) {
        var node = body.get(member);
        return node != null && !node.isNull();
    }

    private @Nullable String text(String member) {
        if (!given(member)) {
            return null;
        }
        var node = body.get(member);
        if (!node.isString()) {
            problem.error("/" + member, "is no text", "type");
            return "";
        }
        return node.stringValue();
    }

    private @Nullable URI missing(String member) {
        problem.error("/" + member, "is missing", "missing");
        return null;
    }

    /** Kept as it is written, for iss is compared letter by letter; a slash at the end counts. */
    private @Nullable String issuer() {
        var text = text("issuer");
        if (text == null) {
            missing("issuer");
            return null;
        }
        try {
            var address = new URI(text);
            var scheme = address.getScheme();
            if (!("https".equals(scheme) || "http".equals(scheme))
                    || address.getHost() == null
                    || address.getUserInfo() != null
                    || address.getFragment() != null
                    || text.length() > LONGEST_ISSUER) {
                problem.error("/issuer", "is no https address, or longer than " + LONGEST_ISSUER, "format");
            }
        } catch (URISyntaxException e) {
            problem.error("/issuer", "is no https address, or longer than " + LONGEST_ISSUER, "format");
        }
        if (text.equals(ownIssuer) || text.equals(ownIssuer + "/")) {
            problem.error("/issuer", "is the platform itself", "reserved");
        }
        return text;
    }

    private String audience() {
        var text = text("audience");
        if (text == null) {
            return StrictJwtDecoder.PLATFORM_AUDIENCE;
        }
        if (text.length() > LONGEST_AUDIENCE || !VISIBLE.matcher(text).matches()) {
            problem.error("/audience", "is no text of 1 to " + LONGEST_AUDIENCE + " visible characters", "format");
        }
        return text;
    }

    private Set<String> list(String member, Set<String> otherwise, Predicate<String> good, String what) {
        if (!given(member)) {
            return otherwise;
        }
        var node = body.get(member);
        var found = new LinkedHashSet<String>();
        if (!node.isArray() || node.isEmpty()) {
            problem.error("/" + member, "is no list, or empty", "type");
            return found;
        }
        for (int index = 0; index < node.size(); index++) {
            var element = node.get(index);
            if (element.isString() && good.test(element.stringValue())) {
                found.add(element.stringValue());
            } else {
                problem.error("/" + member + "/" + index, what, "invalid-value");
            }
        }
        return found;
    }

    private Duration life() {
        var text = text("maxTokenLife");
        if (text == null) {
            return DEFAULT_LIFE;
        }
        try {
            var life = Duration.parse(text);
            if (life.compareTo(Duration.ofMinutes(1)) >= 0 && life.compareTo(LONGEST_LIFE) <= 0) {
                return life;
            }
        } catch (DateTimeParseException e) {
            // falls through to the refusal
        }
        problem.error("/maxTokenLife", "is no duration from PT1M to PT24H", "range");
        return DEFAULT_LIFE;
    }
}
