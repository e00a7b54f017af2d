package io.syncline.scheduler.catalog;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** The body of a rotation: what changes in one credential. Where the secret is sent to cannot be changed by it. */
final class CredentialRotation {

    private static final Duration MOST_OVERLAP = Duration.ofDays(30);
    private static final String OVERLAP = "overlap";

    private static final Map<AuthType, Set<String>> MEMBERS = Map.of(
            AuthType.OAUTH2_CLIENT_CREDENTIALS, Set.of("clientId", "clientSecret", "privateKey", "algorithm", "kid"),
            AuthType.BASIC, Set.of("username", "password"),
            AuthType.API_KEY, Set.of("apiKey"),
            AuthType.MTLS, Set.of("certificate", "privateKey", "trust"));

    private CredentialRotation() {}

    /**
     * Puts the changes into the credential of a document.
     *
     * @return the overlap, 24 h when it is not named
     * @throws InvalidDocumentException with all that is wrong with the body itself
     */
    static Duration apply(ObjectNode body, ObjectNode credential) {
        AuthType type = AuthType.ofWire(credential.path("type").asString(""))
                .filter(MEMBERS::containsKey)
                .orElseThrow(() -> new IllegalStateException("a credential of an unknown type is stored"));
        Set<String> changeable = MEMBERS.getOrDefault(type, Set.of());
        Set<String> known =
                Stream.concat(changeable.stream(), Stream.of(OVERLAP)).collect(Collectors.toUnmodifiableSet());
        List<DocumentError> errors = new ArrayList<>();
        Members members = Members.of(body, errors, known);
        @Nullable Duration overlap = members.duration(OVERLAP, Duration.ZERO);
        if (overlap != null && overlap.compareTo(MOST_OVERLAP) > 0) {
            members.error(OVERLAP, "must be from PT0S to P30D", DocumentError.OUT_OF_RANGE);
        }
        List<String> secrets = changeable.stream()
                .filter(CredentialReader.SECRETS::contains)
                .sorted()
                .toList();
        if (secrets.stream().noneMatch(members::has)) {
            members.error(
                    secrets.get(0), "a rotation brings a new " + String.join(" or ", secrets), DocumentError.REQUIRED);
        }
        if (!errors.isEmpty()) {
            throw new InvalidDocumentException(errors);
        }
        if (members.has("clientSecret")) {
            credential.remove(Set.of("algorithm", "kid"));
        }
        changeable.stream().filter(members::has).forEach(name -> credential.set(name, body.get(name)));
        return overlap == null ? SystemCatalog.OVERLAP : overlap;
    }

    /** Names errors as the body of the rotation names its members. */
    static <T> T unprefixed(String credential, Supplier<T> reading) {
        String prefix = "/" + CredentialReader.NAME + "/" + credential;
        try {
            return reading.get();
        } catch (InvalidDocumentException e) {
            throw new InvalidDocumentException(e.errors().stream()
                    .map(error -> error.pointer().startsWith(prefix + "/")
                            ? new DocumentError(
                                    error.pointer().substring(prefix.length()), error.detail(), error.code())
                            : error)
                    .toList());
        }
    }
}
