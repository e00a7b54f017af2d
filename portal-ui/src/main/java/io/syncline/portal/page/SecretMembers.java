package io.syncline.portal.page;

import java.util.regex.Pattern;

/** Members of documents that hold secrets, told by their names, so that nothing of them is shown again. */
public final class SecretMembers {

    /** Whatever sounds like a secret, misspelled ones as well; a token's address is none. */
    public static final String NAME =
            "(?!tokenUrl\\b|secretSetAt\\b)[\\w-]*(?:secret|passw|passphrase|private[_-]?key|api[_-]?key|routing[_-]?key|token)[\\w-]*";

    /** A member of this kind in YAML or JSON, wherever it stands in a line. */
    public static final Pattern MEMBER = Pattern.compile("(?i)(?<![\\w-])[\"']?" + NAME + "[\"']?\\s*:");

    /** Of a channel the address itself may be what lets somebody post there. */
    private static final Pattern CHANNEL = Pattern.compile("(?i)[\"']?\\bkind[\"']?\\s*:\\s*[\"']?Channel");

    private SecretMembers() {}

    /** Whether a secret may stand in these documents. */
    public static boolean mayStandIn(String documents) {
        return MEMBER.matcher(documents).find() || CHANNEL.matcher(documents).find();
    }
}
