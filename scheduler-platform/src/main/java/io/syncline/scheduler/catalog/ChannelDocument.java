package io.syncline.scheduler.catalog;

import io.syncline.outbox.WebhookSigner;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Reads and checks one channel document. Secrets are written and never read back. */
final class ChannelDocument {

    static final String KIND = "Channel";

    private static final String PAGERDUTY_URL = "https://events.pagerduty.com/v2/enqueue";
    private static final String NO_SECURITY = "NONE";
    private static final String STARTTLS = "STARTTLS";
    private static final String TLS = "TLS";
    private static final Pattern HOST =
            Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|\\[[0-9a-fA-F:.]+]");
    private static final Pattern MAIL = Pattern.compile("[^\\s@<>,;\"()]{1,64}@[^\\s@<>,;\"()]{1,255}");
    private static final int MOST_RECIPIENTS = 50;

    private final List<DocumentError> errors = new ArrayList<>();
    private final Surroundings surroundings;
    private final @Nullable Kept kept;

    private ChannelDocument(Surroundings surroundings, @Nullable Kept kept) {
        this.surroundings = surroundings;
        this.kept = kept;
    }

    /** What is stored of the channel that the document replaces. */
    record Kept(ChannelType type, @Nullable String origin, Map<String, String> secrets, boolean cleared) {

        @Override
        public String toString() {
            return "Kept[" + type + "]";
        }
    }

    /**
     * @param stored the document without its secrets
     * @param secrets all that the channel has from now on
     * @param origin where they may be shown; null: nowhere, because the address itself was cleared
     * @param sent whether the document brought any
     * @param cleared whether secrets that stood are gone because the channel leads elsewhere now
     */
    record Read(
            ChannelType type,
            List<String> labels,
            ObjectNode stored,
            Map<String, String> secrets,
            @Nullable String origin,
            boolean sent,
            boolean cleared) {

        @Override
        public String toString() {
            return "Read[" + type + "]";
        }
    }

    /** @throws InvalidDocumentException with all that is wrong */
    static Read read(ObjectNode document, String key, Surroundings surroundings, @Nullable Kept kept) {
        return new ChannelDocument(surroundings, kept).read(document, key);
    }

    private Read read(ObjectNode document, String key) {
        ChannelType type =
                ChannelType.ofWire(document.path("type").asString("")).orElse(null);
        Set<String> known = new HashSet<>(Header.MEMBERS);
        known.add("type");
        for (ChannelType any : type == null ? List.of(ChannelType.values()) : List.of(type)) {
            known.addAll(any.members());
            known.addAll(any.secrets());
        }
        Members members = Members.of(document, errors, known);
        Header header = Header.read(members, KIND, key, surroundings.labels());
        if (type == null) {
            members.error(
                    "type",
                    "must be one of email, slack, pagerduty, alertmanager, webhook",
                    members.has("type") ? DocumentError.INVALID : DocumentError.REQUIRED);
            throw new InvalidDocumentException(errors);
        }
        Map<String, String> sent = new LinkedHashMap<>();
        for (String name : type.secrets()) {
            String secret = members.text(name, 2000);
            if (secret != null) {
                sent.put(name, secret);
            }
        }
        ObjectNode stored = document.deepCopy();
        stored.remove(type.secrets());
        settings(type, members, sent);
        if (!errors.isEmpty()) {
            throw new InvalidDocumentException(errors);
        }
        return secrets(type, members, header, stored, sent);
    }

    private Read secrets(
            ChannelType type, Members members, Header header, ObjectNode stored, Map<String, String> sent) {
        Kept before = kept != null && kept.type() == type ? kept : null;
        Map<String, String> secrets = new LinkedHashMap<>();
        if (before != null) {
            secrets.putAll(before.secrets());
        }
        secrets.putAll(sent);
        if (type == ChannelType.EMAIL || type == ChannelType.ALERTMANAGER) {
            boolean user = members.has("user");
            if (!user) {
                if (sent.containsKey("password")) {
                    members.error("password", "goes with 'user', which is missing", DocumentError.INVALID);
                }
                secrets.clear();
            } else if (sent.isEmpty() && before == null) {
                members.error("password", "is required with 'user'", DocumentError.REQUIRED);
            }
        } else if (sent.isEmpty() && before == null) {
            type.secrets().forEach(members::required);
        }
        URI address = secrets.isEmpty() && type == ChannelType.SLACK ? null : address(type, stored, secrets);
        if (address != null && !surroundings.approved(address)) {
            members.error(
                    type == ChannelType.EMAIL ? "host" : "url",
                    "the destination " + origin(address)
                            + " is not approved; add it with PUT /api/v1/destinations first",
                    DocumentError.NOT_APPROVED);
        }
        if (!errors.isEmpty()) {
            throw new InvalidDocumentException(errors);
        }
        String origin = address == null ? null : origin(address);
        boolean moved = before != null
                && sent.isEmpty()
                && !secrets.isEmpty()
                && origin != null
                && !origin.equals(before.origin());
        boolean cleared = moved || (before != null && before.cleared() && sent.isEmpty() && needsSecret(type, stored));
        return new Read(type, header.labels(), stored, cleared ? Map.of() : secrets, origin, !sent.isEmpty(), cleared);
    }

    private static boolean needsSecret(ChannelType type, ObjectNode document) {
        return switch (type) {
            case EMAIL, ALERTMANAGER -> document.hasNonNull("user");
            case SLACK, PAGERDUTY, WEBHOOK -> true;
        };
    }

    private void settings(ChannelType type, Members members, Map<String, String> sent) {
        switch (type) {
            case EMAIL -> email(members);
            case SLACK -> {
                String url = sent.get("url");
                if (url != null) {
                    url(members, url, false);
                }
            }
            case PAGERDUTY -> {
                String url = members.text("url", 500);
                if (url != null) {
                    url(members, url, true);
                }
            }
            case ALERTMANAGER -> {
                requiredUrl(members);
                members.text("user", 200);
            }
            case WEBHOOK -> {
                requiredUrl(members);
                String secret = sent.get("secret");
                if (secret != null) {
                    try {
                        new WebhookSigner(List.of(secret));
                    } catch (IllegalArgumentException e) {
                        members.error("secret", String.valueOf(e.getMessage()), DocumentError.INVALID);
                    }
                }
            }
        }
    }

    private void email(Members members) {
        members.required("host");
        members.required("from");
        members.required("to");
        String host = members.text("host", 253);
        if (host != null && !HOST.matcher(host).matches()) {
            members.error("host", "must be a host name or address, without scheme and port", DocumentError.INVALID);
        }
        members.integer("port", 1, 65_535);
        String security = members.text("security", 20);
        if (security != null && !Set.of(NO_SECURITY, STARTTLS, TLS).contains(security)) {
            members.error("security", "must be one of NONE, STARTTLS, TLS", DocumentError.INVALID);
        }
        if (members.has("user") && NO_SECURITY.equals(security) && !loopback(host)) {
            members.error(
                    "security", "a password is not sent in clear text; use STARTTLS or TLS", DocumentError.INVALID);
        }
        members.text("user", 200);
        String from = members.text("from", 320);
        if (from != null && !MAIL.matcher(from).matches()) {
            members.error("from", "must be a mail address such as syncline@example.com", DocumentError.INVALID);
        }
        List<String> to = members.texts(
                "to",
                MOST_RECIPIENTS,
                320,
                (text, place) -> MAIL.matcher(text).matches()
                        ? null
                        : new DocumentError(
                                members.pointer("to") + "/" + place,
                                "must be a mail address such as ops@example.com",
                                DocumentError.INVALID));
        if (members.has("to") && to.isEmpty() && errors.isEmpty()) {
            members.error("to", "must name somebody", DocumentError.OUT_OF_RANGE);
        }
    }

    private static boolean loopback(@Nullable String host) {
        return host != null && (host.equals("localhost") || host.equals("127.0.0.1") || host.equals("[::1]"));
    }

    private void requiredUrl(Members members) {
        members.required("url");
        String url = members.text("url", 500);
        if (url != null) {
            url(members, url, true);
        }
    }

    private static void url(Members members, String text, boolean shown) {
        URI url = parsed(text);
        String scheme =
                url == null || url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
        if (url == null
                || !(scheme.equals("https") || scheme.equals("http"))
                || url.getHost() == null
                || url.getRawUserInfo() != null
                || url.getRawFragment() != null
                || (shown && url.getRawQuery() != null)) {
            members.error(
                    "url",
                    "must be an http or https URL, without user" + (shown ? ", query" : "") + " and fragment",
                    DocumentError.INVALID);
        }
    }

    private static @Nullable URI parsed(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            return null;
        }
    }

    /** Where a channel leads. */
    static URI address(ChannelType type, ObjectNode document, Map<String, String> secrets) {
        return switch (type) {
            case EMAIL -> {
                String security = document.path("security").asString(STARTTLS);
                boolean tls = security.equals(TLS);
                int port = document.path("port").asInt(tls ? 465 : security.equals(STARTTLS) ? 587 : 25);
                yield URI.create((tls ? "smtps" : "smtp") + "://"
                        + document.path("host").asString("").toLowerCase(Locale.ROOT) + ":" + port);
            }
            case SLACK -> URI.create(secrets.getOrDefault("url", ""));
            case PAGERDUTY -> URI.create(document.path("url").asString(PAGERDUTY_URL));
            case ALERTMANAGER, WEBHOOK -> URI.create(document.path("url").asString(""));
        };
    }

    /** {@code scheme://host:port}, and of mail whether the connection has to be secured. */
    private static String origin(URI address) {
        return Origins.of(address);
    }
}
