package io.syncline.scheduler.catalog;

import java.math.BigDecimal;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads and checks one system document. Left out, {@code routing} is ROUND_ROBIN, {@code auth} platform-jwt,
 * {@code limits.concurrency} 32 and {@code limits.ratePerSecond} unlimited.
 */
final class SystemDocument {

    static final String KIND = "System";
    static final int CONCURRENCY = 32;

    private static final Set<String> MEMBERS = Stream.concat(
                    Header.MEMBERS.stream(),
                    Stream.of("instances", "routing", "auth", "limits", "sources", "credentials"))
            .collect(Collectors.toUnmodifiableSet());

    private static final int MOST_CONCURRENCY = 10_000;
    private static final BigDecimal LEAST_RATE = new BigDecimal("0.01");
    private static final BigDecimal MOST_RATE = new BigDecimal("1000000");

    private final List<DocumentError> errors = new ArrayList<>();
    private final Surroundings surroundings;

    private SystemDocument(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    /**
     * A document and the secrets that were in it.
     *
     * @param stored the document without them
     */
    record Read(SyncSystem system, ObjectNode stored, Map<String, CredentialReader.Read> credentials) {}

    /** @throws InvalidDocumentException with all that is wrong */
    static SyncSystem read(ObjectNode document, String key, int version, Surroundings surroundings) {
        return readAll(document, key, version, surroundings).system();
    }

    /** @throws InvalidDocumentException with all that is wrong */
    static Read readAll(ObjectNode document, String key, int version, Surroundings surroundings) {
        return new SystemDocument(surroundings).read(document, key, version);
    }

    private Read read(ObjectNode document, String key, int version) {
        CredentialReader credentialReader = new CredentialReader(surroundings);
        ObjectNode whole = credentialReader.whole(document);
        ObjectNode open = CredentialReader.withoutSecrets(document);
        Members members = Members.of(whole, errors, MEMBERS);
        Header header = Header.read(members, KIND, key, surroundings.labels());
        if (key.equals(SyncSystem.RESERVED_KEY)) {
            members.error(
                    "key",
                    "'" + key + "' is reserved: it is the audience of tokens for the platform itself",
                    DocumentError.INVALID);
        }
        List<URI> instances = instances(members);
        Routing routing = members.oneOf("routing", Routing.class);
        Auth auth = AuthReader.read(members, Auth.PLATFORM_JWT);
        Long concurrency = null;
        BigDecimal rate = null;
        Members limits = members.object("limits", Set.of("concurrency", "ratePerSecond"));
        if (limits != null) {
            concurrency = limits.integer("concurrency", 1, MOST_CONCURRENCY);
            rate = limits.decimal("ratePerSecond", LEAST_RATE, MOST_RATE);
        }
        List<String> sources = members.texts(
                "sources",
                100,
                500,
                (text, place) -> surroundings.mayKeepSource(text)
                        ? null
                        : new DocumentError(
                                members.pointer("sources") + "/" + place,
                                "is used by systems or groups of others; ask somebody who reaches all labels to list it",
                                DocumentError.FOREIGN_SOURCE));
        Map<String, CredentialReader.Read> credentials = credentialReader.read(members, whole);
        Map<String, AuthType> types = new LinkedHashMap<>();
        credentials.forEach((name, credential) -> types.put(name, credential.type()));
        if (errors.isEmpty()) {
            AuthReader.check(members, auth, key, types);
        }
        if (!errors.isEmpty()) {
            throw new InvalidDocumentException(errors);
        }
        SyncSystem system = new SyncSystem(
                key,
                version,
                header.description(),
                header.owner(),
                header.labels(),
                instances,
                routing == null ? Routing.ROUND_ROBIN : routing,
                auth,
                concurrency == null ? CONCURRENCY : concurrency.intValue(),
                rate == null ? Double.POSITIVE_INFINITY : rate.doubleValue(),
                sources,
                types,
                Documents.members(open));
        return new Read(system, open, credentials);
    }

    private List<URI> instances(Members members) {
        List<URI> instances = new ArrayList<>();
        Set<URI> seen = new HashSet<>();
        members.texts("instances", 100, 500, (text, place) -> {
            String pointer = members.pointer("instances") + "/" + place;
            URI url = baseUrl(text);
            if (url == null) {
                return new DocumentError(
                        pointer,
                        "must be a base URL such as https://host.example.com:8443, without user, query or fragment",
                        DocumentError.INVALID);
            }
            if (!seen.add(url)) {
                return new DocumentError(pointer, "'" + url + "' is named twice", DocumentError.DUPLICATE);
            }
            if (!surroundings.approved(url)) {
                return new DocumentError(
                        pointer,
                        "the destination " + url.getScheme() + "://" + url.getRawAuthority()
                                + " is not approved; add it with PUT /api/v1/destinations first",
                        DocumentError.NOT_APPROVED);
            }
            instances.add(url);
            return null;
        });
        return instances;
    }

    private static @Nullable URI baseUrl(String text) {
        try {
            URI url = new URI(text);
            String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
            boolean http = scheme.equals("http") || scheme.equals("https");
            boolean portFits = url.getPort() == -1 || (url.getPort() > 0 && url.getPort() < 65_536);
            if (!http
                    || url.getHost() == null
                    || !portFits
                    || url.getRawUserInfo() != null
                    || url.getRawQuery() != null
                    || url.getRawFragment() != null) {
                return null;
            }
            String path = url.getRawPath() == null ? "" : url.getRawPath();
            while (path.endsWith("/")) {
                path = path.substring(0, path.length() - 1);
            }
            return new URI(scheme + "://" + url.getRawAuthority().toLowerCase(Locale.ROOT) + path);
        } catch (URISyntaxException e) {
            return null;
        }
    }
}
