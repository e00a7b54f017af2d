package io.syncline.scheduler.catalog;

import io.syncline.scheduler.security.ClientAssertions;
import io.syncline.scheduler.security.Pem;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads the member {@code credentials} of a system. What is secret is taken out of the document before that is stored or
 * shown; what the platform adds when it shows one is not looked at.
 */
final class CredentialReader {

    static final String NAME = "credentials";

    /** Added where a credential is shown. */
    static final Set<String> SHOWN = Set.of(
            "secretSetAt",
            "rotatedAt",
            "clearedAt",
            "expiresAt",
            "fingerprint",
            "usedAt",
            "previousUntil",
            "previousFingerprint",
            "previousUsedAt");

    /** Everything that is a secret in some type; none of these names means anything else in another. */
    static final Set<String> SECRETS = Set.of("clientSecret", "privateKey", "password", "apiKey");

    private static final Map<AuthType, Set<String>> MEMBERS = Map.of(
            AuthType.OAUTH2_CLIENT_CREDENTIALS,
                    Set.of(
                            "tokenUrl",
                            "clientId",
                            "clientSecret",
                            "privateKey",
                            "algorithm",
                            "kid",
                            "scope",
                            "audience"),
            AuthType.BASIC, Set.of("username", "password"),
            AuthType.API_KEY, Set.of("header", "query", "apiKey"),
            AuthType.MTLS, Set.of("certificate", "privateKey", "trust"));

    private static final Set<String> ALGORITHMS = Set.of("RS256", "PS256", "ES256", "ES384", "ES512", "EdDSA");

    /** Written by the platform into every call. */
    private static final Set<String> TAKEN_HEADERS = Set.of(
            "host",
            "content-length",
            "content-type",
            "transfer-encoding",
            "connection",
            "idempotency-key",
            "traceparent",
            "tracestate",
            "user-agent",
            "accept",
            "te",
            "upgrade",
            "expect",
            "trailer",
            "cookie");

    private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}");
    private static final Pattern QUERY = Pattern.compile("[A-Za-z0-9._~-]{1,100}");
    private static final Pattern SCOPE =
            Pattern.compile("[\\x21\\x23-\\x5B\\x5D-\\x7E]+( [\\x21\\x23-\\x5B\\x5D-\\x7E]+)*");
    private static final int MOST_CREDENTIALS = 50;
    private static final int LONGEST_PEM = 65_536;
    private static final int LONGEST_SECRET = 4_096;

    /**
     * One credential of a document.
     *
     * @param whole with its secret, from the sender or from the store; null: it has none at present
     * @param json the same as JSON
     * @param sent whether the sender has sent a secret
     * @param tokenOrigin of the token endpoint, where there is one
     */
    record Read(
            AuthType type,
            @Nullable Credential whole,
            @Nullable ObjectNode json,
            boolean sent,
            @Nullable String tokenOrigin,
            @Nullable Instant expiresAt) {}

    private final Surroundings surroundings;
    private final Map<String, Boolean> sent = new LinkedHashMap<>();
    private final Map<String, Boolean> known = new LinkedHashMap<>();

    CredentialReader(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    /** Takes out what the platform itself has added. */
    static void removeShown(ObjectNode document) {
        if (document.get(NAME) instanceof ObjectNode credentials) {
            for (JsonNode credential : credentials.values()) {
                if (credential instanceof ObjectNode object) {
                    object.remove(SHOWN);
                }
            }
        }
    }

    /** The document as it may be stored and shown. */
    static ObjectNode withoutSecrets(ObjectNode document) {
        ObjectNode open = document.deepCopy();
        if (open.get(NAME) instanceof ObjectNode credentials) {
            for (JsonNode credential : credentials.values()) {
                if (credential instanceof ObjectNode object) {
                    object.remove(SECRETS);
                }
            }
        }
        return open;
    }

    /** Puts the stored secrets where the sender has left them out. */
    ObjectNode whole(ObjectNode document) {
        ObjectNode whole = document.deepCopy();
        if (!(whole.get(NAME) instanceof ObjectNode credentials)) {
            return whole;
        }
        credentials.properties().forEach(member -> {
            if (!(member.getValue() instanceof ObjectNode object)) {
                return;
            }
            if (object.get("privateKey") instanceof ObjectNode jwk) {
                object.put("privateKey", Documents.toJson(jwk));
            }
            boolean sends = SECRETS.stream()
                    .anyMatch(
                            secret -> object.has(secret) && !object.get(secret).isNull());
            sent.put(member.getKey(), sends);
            if (sends || surroundings == Surroundings.STORED) {
                return;
            }
            KeptCredential kept = surroundings.kept(member.getKey()).orElse(null);
            if (kept != null && kept.type().wire().equals(object.path("type").asString(""))) {
                known.put(member.getKey(), true);
                if (kept.current() != null) {
                    secrets(kept.current()).forEach(object::put);
                }
            }
        });
        return whole;
    }

    /** @param members of a document from {@link #whole} */
    Map<String, Read> read(Members members, ObjectNode whole) {
        Map<String, Read> result = new LinkedHashMap<>();
        members.map(NAME, MOST_CREDENTIALS, CredentialReader::knownMembers).forEach((name, credential) -> {
            if (!Keys.valid(name)) {
                credential.errorHere("the name of a credential " + Keys.RULE, DocumentError.INVALID);
                return;
            }
            Read read = read(name, credential, (ObjectNode) whole.get(NAME).get(name));
            if (read != null) {
                result.put(name, read);
            }
        });
        return result;
    }

    private static Set<String> knownMembers(ObjectNode credential) {
        AuthType type = typeOf(credential.path("type").asString(""));
        return Stream.concat(
                        Stream.of("type"),
                        type == null
                                ? MEMBERS.values().stream().flatMap(Set::stream)
                                : MEMBERS.getOrDefault(type, Set.of()).stream())
                .collect(Collectors.toUnmodifiableSet());
    }

    private static @Nullable AuthType typeOf(String wire) {
        return AuthType.ofWire(wire).filter(AuthType::needsCredential).orElse(null);
    }

    private @Nullable Read read(String name, Members credential, ObjectNode json) {
        credential.required("type");
        String wire = credential.text("type", 60);
        if (wire == null) {
            return null;
        }
        AuthType type = typeOf(wire);
        if (type == null) {
            credential.error(
                    "type", "must be one of oauth2-client-credentials, basic, api-key, mtls", DocumentError.INVALID);
            return null;
        }
        boolean needed = surroundings != Surroundings.STORED && !known.containsKey(name);
        int before = credential.errorCount();
        Credential read = switch (type) {
            case OAUTH2_CLIENT_CREDENTIALS -> oauth2(credential, needed);
            case BASIC -> basic(credential, needed);
            case API_KEY -> apiKey(credential, needed);
            case MTLS -> mtls(credential, needed);
            case OF_SYSTEM, NONE, PLATFORM_JWT -> throw new IllegalStateException("no type of credential: " + type);
        };
        if (credential.errorCount() > before) {
            return null;
        }
        URI tokenUrl = type == AuthType.OAUTH2_CLIENT_CREDENTIALS
                ? url(json.path("tokenUrl").asString(""))
                : null;
        return new Read(
                type,
                read,
                read == null ? null : json.deepCopy(),
                Boolean.TRUE.equals(sent.get(name)),
                tokenUrl == null ? null : Origins.of(tokenUrl),
                read instanceof Credential.Mtls mtls ? expiry(mtls) : null);
    }

    private @Nullable Credential oauth2(Members from, boolean needed) {
        from.required("tokenUrl");
        from.required("clientId");
        String text = from.text("tokenUrl", 1_000);
        URI tokenUrl = text == null ? null : url(text);
        if (text != null && tokenUrl == null) {
            from.error(
                    "tokenUrl",
                    "must be a URL such as https://idp.example.com/token, without user or fragment",
                    DocumentError.INVALID);
        } else if (tokenUrl != null && !surroundings.approved(tokenUrl)) {
            from.error(
                    "tokenUrl",
                    "the destination " + Origins.of(tokenUrl)
                            + " is not approved; add it with PUT /api/v1/destinations first",
                    DocumentError.NOT_APPROVED);
        }
        String clientId = from.text("clientId", 500);
        String clientSecret = printable(from, "clientSecret", LONGEST_SECRET);
        String privateKey = from.text("privateKey", LONGEST_PEM);
        String algorithm = from.text("algorithm", 20);
        String kid = from.text("kid", 200);
        String scope = from.text("scope", 2_000);
        String audience = from.text("audience", 1_000);
        if (algorithm != null && !ALGORITHMS.contains(algorithm)) {
            from.error(
                    "algorithm",
                    "must be one of "
                            + String.join(", ", ALGORITHMS.stream().sorted().toList()),
                    DocumentError.INVALID);
            algorithm = null;
        }
        if (scope != null && !SCOPE.matcher(scope).matches()) {
            from.error("scope", "must be names separated by single spaces", DocumentError.INVALID);
        }
        if (from.has("clientSecret") && from.has("privateKey")) {
            from.error("privateKey", "send either clientSecret or privateKey", DocumentError.INVALID);
        } else if (needed && !from.has("clientSecret") && !from.has("privateKey")) {
            from.error("clientSecret", "'clientSecret' or 'privateKey' is required", DocumentError.REQUIRED);
        }
        if (from.has("clientSecret")) {
            for (String ofKeys : List.of("algorithm", "kid")) {
                if (from.has(ofKeys)) {
                    from.error(ofKeys, "belongs to a privateKey; remove it", DocumentError.INVALID);
                }
            }
        }
        if (privateKey != null) {
            String chosen = algorithm;
            checked(from, "privateKey", () -> ClientAssertions.read(privateKey, chosen, kid));
        }
        return tokenUrl == null || clientId == null || (clientSecret == null && privateKey == null)
                ? null
                : new Credential.OAuth2(tokenUrl, clientId, clientSecret, privateKey, algorithm, kid, scope, audience);
    }

    private static @Nullable Credential basic(Members from, boolean needed) {
        from.required("username");
        String username = oneLine(from, "username", 500);
        if (username != null && username.indexOf(':') >= 0) {
            from.error("username", "must not hold a colon (RFC 7617)", DocumentError.INVALID);
        }
        requiredSecret(from, "password", needed);
        String password = oneLine(from, "password", LONGEST_SECRET);
        return username == null || password == null ? null : new Credential.Basic(username, password);
    }

    private static @Nullable Credential apiKey(Members from, boolean needed) {
        String header = matching(from, "header", HEADER, "must be the name of a header, such as X-Api-Key");
        if (header != null && TAKEN_HEADERS.contains(header.toLowerCase(Locale.ROOT))) {
            from.error("header", "'" + header + "' is written by the platform itself", DocumentError.INVALID);
        }
        String query = matching(from, "query", QUERY, "must be the name of a query parameter, such as api_key");
        if (from.has("header") == from.has("query")) {
            from.error("header", "name either 'header' or 'query', one of the two", DocumentError.REQUIRED);
        }
        requiredSecret(from, "apiKey", needed);
        String apiKey = printable(from, "apiKey", LONGEST_SECRET);
        return apiKey == null || (header == null && query == null)
                ? null
                : new Credential.ApiKey(header, query, apiKey);
    }

    private static @Nullable Credential mtls(Members from, boolean needed) {
        from.required("certificate");
        String certificate = from.text("certificate", LONGEST_PEM);
        String trust = from.text("trust", LONGEST_PEM);
        requiredSecret(from, "privateKey", needed);
        String privateKey = from.text("privateKey", LONGEST_PEM);
        List<X509Certificate> chain = new ArrayList<>();
        if (certificate != null) {
            checked(from, "certificate", () -> chain.addAll(Pem.certificates(certificate)));
        }
        if (trust != null) {
            checked(from, "trust", () -> Pem.certificates(trust));
        }
        if (privateKey != null) {
            checked(from, "privateKey", () -> {
                PrivateKey key = Pem.privateKey(privateKey);
                if (!chain.isEmpty() && !Pem.pair(chain.get(0).getPublicKey(), key)) {
                    throw new IllegalArgumentException(
                            "the private key does not belong to the first certificate; send both of one pair");
                }
            });
        }
        return certificate == null || privateKey == null ? null : new Credential.Mtls(certificate, privateKey, trust);
    }

    private static void requiredSecret(Members from, String name, boolean needed) {
        if (needed) {
            from.required(name);
        }
    }

    private static void checked(Members from, String name, Runnable check) {
        try {
            check.run();
        } catch (IllegalArgumentException e) {
            from.error(name, String.valueOf(e.getMessage()), DocumentError.INVALID);
        }
    }

    private static @Nullable String oneLine(Members from, String name, int most) {
        return matching(
                from,
                name,
                most,
                text -> text.chars().noneMatch(Character::isISOControl),
                "must not hold control characters");
    }

    private static @Nullable String printable(Members from, String name, int most) {
        return matching(
                from, name, most, text -> text.chars().allMatch(c -> c >= 0x20 && c < 0x7f), "must be printable ASCII");
    }

    private static @Nullable String matching(Members from, String name, Pattern pattern, String rule) {
        return matching(from, name, 100, text -> pattern.matcher(text).matches(), rule);
    }

    private static @Nullable String matching(Members from, String name, int most, Predicate<String> fits, String rule) {
        String text = from.text(name, most);
        if (text != null && !fits.test(text)) {
            from.error(name, rule, DocumentError.INVALID);
            return null;
        }
        return text;
    }

    private static @Nullable URI url(String text) {
        try {
            URI url = new URI(text);
            String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
            boolean http = scheme.equals("http") || scheme.equals("https");
            boolean portFits = url.getPort() == -1 || (url.getPort() > 0 && url.getPort() < 65_536);
            return http
                            && url.getHost() != null
                            && portFits
                            && url.getRawUserInfo() == null
                            && url.getRawFragment() == null
                    ? url
                    : null;
        } catch (URISyntaxException e) {
            return null;
        }
    }

    private static Instant expiry(Credential.Mtls mtls) {
        return Pem.certificates(mtls.certificate()).get(0).getNotAfter().toInstant();
    }

    private static Map<String, String> secrets(Credential credential) {
        Map<String, String> secrets = new LinkedHashMap<>();
        if (credential instanceof Credential.OAuth2 oauth2) {
            if (oauth2.clientSecret() != null) {
                secrets.put("clientSecret", oauth2.clientSecret());
            }
            if (oauth2.privateKey() != null) {
                secrets.put("privateKey", oauth2.privateKey());
            }
        } else if (credential instanceof Credential.Basic basic) {
            secrets.put("password", basic.password());
        } else if (credential instanceof Credential.ApiKey apiKey) {
            secrets.put("apiKey", apiKey.apiKey());
        } else if (credential instanceof Credential.Mtls mtls) {
            secrets.put("privateKey", mtls.privateKey());
        }
        return secrets;
    }

    /** The credential of a JSON text that was whole when it was stored; null when it cannot be read any more. */
    static @Nullable Credential stored(AuthType type, String name, String text) {
        List<DocumentError> errors = new ArrayList<>();
        ObjectNode document = Documents.json("{}");
        document.putObject(NAME).set(name, Documents.json(text));
        Members members = Members.of(document, errors, Set.of(NAME));
        Read read = new CredentialReader(Surroundings.STORED)
                .read(members, document)
                .get(name);
        return read != null && read.type() == type ? read.whole() : null;
    }
}
