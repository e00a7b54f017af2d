package io.syncline.scheduler.outbound;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Hides what is secret in one call: what stands under a telling name, what looks like a token, and every secret that was met
 * before in the same call, wherever it is repeated. What is hidden is shown by six digits of its hash, so that two of the
 * same can be told from two others.
 */
final class Secrets {

    static final String MASK = "••••";

    /** A shorter value would hide half of a text that repeats it by chance. */
    private static final int SHORTEST_MET = 8;

    private static final int SHORTEST_KNOWN = 4;

    private static final int FINGERPRINT_BYTES = 3;

    private static final String NAMES =
            "passw(?:or)?d|passphrase|pwd|secret|token|authori[sz]ation|api[-_. ]?key|access[-_. ]?key|private[-_. ]?key"
                    + "|credential|cookie|session[-_. ]?id|assertion|signature";

    private static final Pattern NAME = Pattern.compile(NAMES, Pattern.CASE_INSENSITIVE);

    private static final Pattern JWT = Pattern.compile("eyJ[\\w-]{10,}+(?:\\.[\\w-]*+){0,4}+");

    private static final Pattern SCHEME = Pattern.compile(
            "\\b(bearer|basic|dpop)(\\s{1,5})(?!" + MASK
                    + ")(?!(?:realm|error|scope|charset)=|(?:auth|authentication|token)\\b)([^\\s\"',;<>]{4,}+)",
            Pattern.CASE_INSENSITIVE);

    /** {@code name=value}, {@code name: value}, {@code "name":"value"} in a text that is no JSON. */
    private static final Pattern ASSIGNED = Pattern.compile(
            "((?:" + NAMES + ")[\\w.-]{0,40}+[\"']?\\s{0,5}[:=]\\s{0,5}[\"']?)(?!" + MASK
                    + ")(?!(?:bearer|basic|dpop)\\s)([^\\s\"'&;,<>}]++)",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern ELEMENT = Pattern.compile(
            "(<[\\w:.-]{0,40}?(?:" + NAMES + ")[\\w:.-]{0,40}+>)(?!" + MASK + ")([^<]++)", Pattern.CASE_INSENSITIVE);

    private final Set<String> known = new LinkedHashSet<>();

    static boolean isSecretName(String name) {
        return NAME.matcher(name).find();
    }

    /** The mask of what is secret; a long one is hidden from now on wherever it stands. */
    String hide(String secret) {
        if (secret.length() >= SHORTEST_MET) {
            learn(secret);
        }
        return MASK + fingerprint(secret);
    }

    /** A secret for certain: hidden from now on wherever it stands. */
    void learn(String secret) {
        if (secret.length() >= SHORTEST_KNOWN && !secret.startsWith(MASK)) {
            known.add(secret);
        }
    }

    /** As {@code Bearer ••••41c9e0}: the scheme of an authorization stays. */
    String hideHeader(String value) {
        int blank = value.indexOf(' ');
        var scheme = blank < 0 ? "" : value.substring(0, blank).toLowerCase(Locale.ROOT);
        var hasScheme = scheme.equals("bearer") || scheme.equals("basic") || scheme.equals("dpop");
        var secret = hasScheme ? value.substring(blank + 1) : value;
        learn(secret);
        return (hasScheme ? value.substring(0, blank + 1) : "") + hide(secret);
    }

    /** A text, with what is or looks secret in it hidden. */
    String scrub(String text) {
        var scrubbed = text;
        for (var secret : known) {
            if (scrubbed.contains(secret)) {
                scrubbed = scrubbed.replace(secret, MASK + fingerprint(secret));
            }
        }
        scrubbed = JWT.matcher(scrubbed).replaceAll(found -> quoted(hide(found.group())));
        scrubbed = SCHEME.matcher(scrubbed)
                .replaceAll(found -> quoted(found.group(1) + found.group(2) + hide(found.group(3))));
        scrubbed = ASSIGNED.matcher(scrubbed).replaceAll(found -> quoted(found.group(1) + hide(found.group(2))));
        return ELEMENT.matcher(scrubbed).replaceAll(found -> quoted(found.group(1) + hide(found.group(2))));
    }

    /** An address, with what its query holds under telling names hidden. */
    String address(String url) {
        int query = url.indexOf('?');
        if (query < 0) {
            return scrub(url);
        }
        var shown = new StringBuilder(url.substring(0, query + 1));
        var separator = "";
        for (var part : url.substring(query + 1).split("&", -1)) {
            int equals = part.indexOf('=');
            shown.append(separator);
            if (equals > 0 && isSecretName(part.substring(0, equals))) {
                shown.append(part, 0, equals + 1).append(hide(part.substring(equals + 1)));
            } else {
                shown.append(part);
            }
            separator = "&";
        }
        return scrub(shown.toString());
    }

    private static String quoted(String replacement) {
        return Matcher.quoteReplacement(replacement);
    }

    private static String fingerprint(String secret) {
        var hash = sha256(secret.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(hash, 0, FINGERPRINT_BYTES);
    }

    static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
