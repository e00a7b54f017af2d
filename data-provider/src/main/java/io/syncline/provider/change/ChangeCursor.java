package io.syncline.provider.change;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** A place in the feed of one dataset, as readers keep it; what it is made of is no promise. */
public final class ChangeCursor {

    private static final Pattern FORM = Pattern.compile("1:([-a-z0-9]{1,63}):(0|[1-9][0-9]{0,17})");
    private static final int LONGEST = 200;

    private ChangeCursor() {}

    /** Behind the change with this number. */
    public static String after(String dataset, long seq) {
        var text = "1:" + dataset + ":" + seq;
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** @return the number of the change before it; empty for what is no cursor of this dataset */
    public static OptionalLong read(String dataset, String cursor) {
        if (cursor.length() > LONGEST) {
            return OptionalLong.empty();
        }
        String text;
        try {
            text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.ISO_8859_1);
        } catch (IllegalArgumentException noBase64) {
            return OptionalLong.empty();
        }
        var parts = FORM.matcher(text);
        return parts.matches() && parts.group(1).equals(dataset) && cursor.equals(after(dataset, seq(parts.group(2))))
                ? OptionalLong.of(seq(parts.group(2)))
                : OptionalLong.empty();
    }

    private static long seq(String digits) {
        return Long.parseLong(digits);
    }
}
