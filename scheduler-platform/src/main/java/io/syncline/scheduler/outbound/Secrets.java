package io.syncline.scheduler.outbound;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
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

    /** How some of these names begin; behind it, at once or after one sign, comes what else they need. */
    private record Stem(String begin, String then) {

        boolean isAt(String text, int place) {
            return text.regionMatches(true, place, begin, 0, begin.length())
                    && (thenAt(text, place + begin.length()) || thenAt(text, place + begin.length() + 1));
        }

        private boolean thenAt(String text, int place) {
            return then.isEmpty() || text.regionMatches(true, place, then, 0, then.length());
        }
    }

    // What holds none of these stems holds no name.
    private static final List<Stem> STEMS_OF_P =
            List.of(new Stem("passw", ""), new Stem("passphrase", ""), new Stem("pwd", ""), new Stem("private", "key"));
    private static final List<Stem> STEMS_OF_S =
            List.of(new Stem("secret", ""), new Stem("session", "id"), new Stem("signature", ""));
    private static final List<Stem> STEMS_OF_T = List.of(new Stem("token", ""));
    private static final List<Stem> STEMS_OF_A = List.of(
            new Stem("authori", ""), new Stem("api", "key"), new Stem("access", "key"), new Stem("assertion", ""));
    private static final List<Stem> STEMS_OF_C = List.of(new Stem("credential", ""), new Stem("cookie", ""));

    static final Pattern NAME = Pattern.compile(NAMES, Pattern.CASE_INSENSITIVE);

    static final Pattern JWT = Pattern.compile("eyJ[\\w-]{10,}+(?:\\.[\\w-]*+){0,4}+");

    static final Pattern SCHEME = Pattern.compile(
            "\\b(bearer|basic|dpop)(\\s{1,5})(?!" + MASK
                    + ")(?!(?:realm|error|scope|charset)=|(?:auth|authentication|token)\\b)([^\\s\"',;<>]{4,}+)",
            Pattern.CASE_INSENSITIVE);

    /** {@code name=value}, {@code name: value}, {@code "name":"value"} in a text that is no JSON. */
    static final Pattern ASSIGNED = Pattern.compile(
            "((?:" + NAMES + ")[\\w.-]{0,40}+[\"']?\\s{0,5}[:=]\\s{0,5}[\"']?)(?!" + MASK
                    + ")(?!(?:bearer|basic|dpop)\\s)([^\\s\"'&;,<>}]++)",
            Pattern.CASE_INSENSITIVE);

    static final Pattern ELEMENT = Pattern.compile(
            "(<[\\w:.-]{0,40}?(?:" + NAMES + ")[\\w:.-]{0,40}+>)(?!" + MASK + ")([^<]++)", Pattern.CASE_INSENSITIVE);

    private final Set<String> known = new LinkedHashSet<>();

    static boolean isSecretName(String name) {
        return mayHoldName(name) && NAME.matcher(name).find();
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
        if (mayHoldJwt(scrubbed)) {
            scrubbed = JWT.matcher(scrubbed).replaceAll(found -> quoted(hide(found.group())));
        }
        if (mayHoldScheme(scrubbed)) {
            scrubbed = SCHEME.matcher(scrubbed)
                    .replaceAll(found -> quoted(found.group(1) + found.group(2) + hide(found.group(3))));
        }
        if (mayHoldAssignment(scrubbed)) {
            scrubbed = ASSIGNED.matcher(scrubbed).replaceAll(found -> quoted(found.group(1) + hide(found.group(2))));
        }
        if (mayHoldElement(scrubbed)) {
            scrubbed = ELEMENT.matcher(scrubbed).replaceAll(found -> quoted(found.group(1) + hide(found.group(2))));
        }
        return scrubbed;
    }

    // Each text of each call passes here. Most are ids, keys and times: a look at their signs spares them the patterns.

    static boolean mayHoldJwt(String text) {
        return text.contains("eyJ");
    }

    static boolean mayHoldScheme(String text) {
        for (int i = 0; i < text.length(); i++) {
            char sign = text.charAt(i);
            if (sign == ' ' || (sign >= '\t' && sign <= '\r')) {
                return true;
            }
        }
        return false;
    }

    static boolean mayHoldAssignment(String text) {
        return (text.indexOf(':') >= 0 || text.indexOf('=') >= 0) && mayHoldName(text);
    }

    static boolean mayHoldElement(String text) {
        return text.indexOf('<') >= 0 && mayHoldName(text);
    }

    static boolean mayHoldName(String text) {
        for (int i = 0; i < text.length(); i++) {
            for (var stem : stems(text.charAt(i))) {
                if (stem.isAt(text, i)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static List<Stem> stems(char sign) {
        return switch (sign) {
            case 'p', 'P' -> STEMS_OF_P;
            case 's', 'S' -> STEMS_OF_S;
            case 't', 'T' -> STEMS_OF_T;
            case 'a', 'A' -> STEMS_OF_A;
            case 'c', 'C' -> STEMS_OF_C;
            default -> List.of();
        };
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
