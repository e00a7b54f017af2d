package io.syncline.scheduler.catalog;

import io.syncline.scheduler.security.TokenShape;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads the member {@code auth} of a task or a system. */
final class AuthReader {

    private static final Set<String> MEMBERS = Set.of("type", "credential", "claims", "lifetime", "audience");
    private static final Set<String> OF_TOKENS = Set.of("claims", "lifetime", "audience");
    private static final int MOST_CLAIMS = 20;
    private static final int LONGEST_CLAIM = 500;

    private static final String KNOWN = Arrays.stream(AuthType.values())
            .filter(type -> type != AuthType.OF_SYSTEM)
            .map(AuthType::wire)
            .collect(Collectors.joining(", "));

    private AuthReader() {}

    static Auth read(Members from, Auth otherwise) {
        Members auth = from.object("auth", MEMBERS);
        if (auth == null) {
            return otherwise;
        }
        if (!auth.has("type")) {
            auth.required("type");
        }
        String text = auth.text("type", 60);
        @Nullable AuthType type = text == null ? null : AuthType.ofWire(text).orElse(null);
        if (text != null && type == null) {
            auth.error("type", "must be one of " + KNOWN, DocumentError.INVALID);
        }
        if (type == null) {
            return otherwise;
        }
        if (type != AuthType.PLATFORM_JWT) {
            OF_TOKENS.stream()
                    .filter(auth::has)
                    .sorted()
                    .forEach(member ->
                            auth.error(member, "'" + type.wire() + "' takes no " + member, DocumentError.INVALID));
        }
        String credential = credential(auth, type);
        return new Auth(type, credential, type == AuthType.PLATFORM_JWT ? token(auth) : null);
    }

    /** Whether the credential is one of the system's, of the same type. */
    static void check(Members from, Auth auth, String system, Map<String, AuthType> credentials) {
        if (auth.credential() == null) {
            return;
        }
        AuthType found = credentials.get(auth.credential());
        String pointer = from.pointer("auth") + "/credential";
        if (found == null) {
            from.error(new DocumentError(
                    pointer,
                    "the system '" + system + "' has no credential '" + auth.credential()
                            + "'; add it to the system's credentials first",
                    DocumentError.UNKNOWN_CREDENTIAL));
        } else if (found != auth.type()) {
            from.error(new DocumentError(
                    pointer,
                    "the credential '" + auth.credential() + "' is of type " + found.wire() + ", not "
                            + auth.type().wire(),
                    DocumentError.INVALID));
        }
    }

    private static @Nullable String credential(Members auth, AuthType type) {
        if (type.needsCredential()) {
            if (!auth.has("credential")) {
                auth.error(
                        "credential",
                        "'" + type.wire() + "' needs the name of one of the system's credentials",
                        DocumentError.REQUIRED);
            }
            return auth.key("credential");
        }
        if (auth.has("credential")) {
            auth.error("credential", "'" + type.wire() + "' takes no credential", DocumentError.INVALID);
        }
        return null;
    }

    private static @Nullable TokenShape token(Members auth) {
        if (OF_TOKENS.stream().noneMatch(auth::has)) {
            return null;
        }
        Map<String, String> claims = auth.textMap("claims", MOST_CLAIMS, LONGEST_CLAIM);
        boolean right = true;
        for (String name : claims.keySet()) {
            if (TokenShape.RESERVED.contains(name) || name.isBlank() || name.length() > 100) {
                auth.error(new DocumentError(
                        auth.pointer("claims") + "/" + name.replace("~", "~0").replace("/", "~1"),
                        "a claim has 1 to 100 characters and is none of those that the platform writes: "
                                + TokenShape.RESERVED.stream().sorted().collect(Collectors.joining(", ")),
                        DocumentError.INVALID));
                right = false;
            }
        }
        Duration lifetime = auth.duration("lifetime", TokenShape.LEAST_LIFETIME);
        if (lifetime != null && lifetime.compareTo(TokenShape.MOST_LIFETIME) > 0) {
            auth.error("lifetime", "must be from PT1M to PT15M", DocumentError.OUT_OF_RANGE);
            right = false;
        }
        String audience = auth.text("audience", 500);
        if (audience != null && Keys.valid(audience)) {
            // Systems are told apart by their keys: this one could call the other with such a token.
            auth.error(
                    "audience",
                    "'" + audience + "' may be a system's key; leave it out for the key of the system that is called,"
                            + " or use a URI such as https://api.example.com",
                    DocumentError.INVALID);
            right = false;
        }
        return right ? new TokenShape(claims, lifetime == null ? TokenShape.LIFETIME : lifetime, audience) : null;
    }
}
