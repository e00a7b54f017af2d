package io.syncline.portal.systems;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The members of a credential as forms ask for them: each kind has its own. What was typed into a secret one is sent and
 * forgotten.
 */
final class CredentialForm {

    private CredentialForm() {}

    /** @param hint in words; empty: the label says it all */
    record Field(String name, String label, boolean secret, boolean large, boolean required, String hint) {

        static Field plain(String name, String label, boolean required, String hint) {
            return new Field(name, label, false, false, required, hint);
        }

        static Field secret(String name, String label, boolean required, String hint) {
            return new Field(name, label, true, false, required, hint);
        }

        static Field largeSecret(String name, String label, boolean required, String hint) {
            return new Field(name, label, true, true, required, hint);
        }

        static Field large(String name, String label, boolean required, String hint) {
            return new Field(name, label, false, true, required, hint);
        }
    }

    static final List<String> TYPES = List.of("oauth2-client-credentials", "basic", "api-key", "mtls");

    private static final Field TOKEN_URL = Field.plain(
            "tokenUrl", "Token URL", true, "An approved destination, such as https://idp.example.com/token");
    private static final Field CLIENT_ID = Field.plain("clientId", "Client id", true, "");
    private static final Field CLIENT_SECRET = Field.secret("clientSecret", "Client secret", false, "");
    private static final Field CLIENT_KEY = Field.largeSecret(
            "privateKey", "or private key", false, "PEM or JWK, for private_key_jwt; instead of a client secret");
    private static final Field SCOPE = Field.plain("scope", "Scope", false, "Names separated by single blanks");
    private static final Field USERNAME = Field.plain("username", "User name", true, "");
    private static final Field PASSWORD = Field.secret("password", "Password at the system", true, "");
    private static final Field HEADER =
            Field.plain("header", "Header", false, "Such as X-Api-Key; name it or a query parameter");
    private static final Field QUERY = Field.plain("query", "or query parameter", false, "Such as api_key");
    private static final Field API_KEY = Field.secret("apiKey", "Key", true, "");
    private static final Field CERTIFICATE =
            Field.large("certificate", "Certificate", true, "PEM, the client's own first");
    private static final Field CERTIFICATE_KEY = Field.largeSecret("privateKey", "Private key", true, "PEM");
    private static final Field TRUST =
            Field.large("trust", "Trusted authorities", false, "PEM; left empty, those of the platform's Java runtime");

    private static final Map<String, List<Field>> ANEW = Map.of(
            "oauth2-client-credentials", List.of(TOKEN_URL, CLIENT_ID, CLIENT_SECRET, CLIENT_KEY, SCOPE),
            "basic", List.of(USERNAME, PASSWORD),
            "api-key", List.of(HEADER, QUERY, API_KEY),
            "mtls", List.of(CERTIFICATE, CERTIFICATE_KEY, TRUST));

    private static final Map<String, List<Field>> ROTATED = Map.of(
            "oauth2-client-credentials",
                    List.of(
                            CLIENT_SECRET,
                            CLIENT_KEY,
                            Field.plain("clientId", "Client id", false, "Left empty it stays")),
            "basic", List.of(PASSWORD, Field.plain("username", "User name", false, "Left empty it stays")),
            "api-key", List.of(API_KEY),
            "mtls", List.of(CERTIFICATE, CERTIFICATE_KEY, TRUST));

    static List<Field> fieldsOf(String type) {
        return ANEW.getOrDefault(type, List.of());
    }

    /** What a rotation may change; where the secret is sent to is not among it. */
    static List<Field> rotatedOf(String type) {
        return ROTATED.getOrDefault(type, List.of());
    }

    /** The members that were filled in. */
    static Map<String, Object> filled(List<Field> fields, Map<String, String> typed) {
        var members = new LinkedHashMap<String, Object>();
        for (var field : fields) {
            var text = typed.get(field.name());
            if (text != null && !text.isBlank()) {
                members.put(field.name(), field.large() ? text.strip() : text);
            }
        }
        return members;
    }

    /** What may be shown again: nothing that is a secret. */
    static Map<String, String> open(List<Field> fields, Map<String, String> typed) {
        var kept = new LinkedHashMap<String, String>();
        for (var field : fields) {
            var text = typed.get(field.name());
            if (!field.secret() && text != null) {
                kept.put(field.name(), text);
            }
        }
        return kept;
    }

    static @Nullable String knownType(@Nullable String type) {
        return type != null && TYPES.contains(type) ? type : null;
    }
}
