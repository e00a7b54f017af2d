package io.syncline.scheduler.outbound;

import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;

/**
 * A body as it may be kept.
 *
 * @param text null when the body is empty, or is no text
 * @param sha256 of all of it, when {@code text} is not all of it
 */
record MaskedBody(
        @Nullable String text,
        int bytes,
        boolean isCut,
        @Nullable String sha256) {

    static final int MOST_CHARACTERS = 64 * 1024;

    /** So much more is looked at, lest a secret at the cut be taken for two harmless halves. */
    private static final int MARGIN = 16 * 1024;

    private static final JsonMapper JSON = JsonMapper.builder().build();

    static MaskedBody of(byte[] body, Secrets secrets) {
        if (body.length == 0) {
            return new MaskedBody(null, 0, false, null);
        }
        var copied = json(body, secrets);
        var masked = copied == null ? plain(body, secrets) : copied;
        var isCut = masked == null
                || masked.length() > MOST_CHARACTERS
                || (copied == null && body.length > MOST_CHARACTERS + MARGIN);
        return new MaskedBody(
                masked == null ? null : start(masked),
                body.length,
                isCut,
                isCut ? HexFormat.of().formatHex(Secrets.sha256(body)) : null);
    }

    private static String start(String text) {
        if (text.length() <= MOST_CHARACTERS) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(MOST_CHARACTERS - 1)) ? MOST_CHARACTERS - 1 : MOST_CHARACTERS;
        return text.substring(0, end);
    }

    /** Null when it is no text. */
    private static @Nullable String plain(byte[] body, Secrets secrets) {
        try {
            int most = Math.min(body.length, MOST_CHARACTERS + MARGIN);
            while (most < body.length && (body[most] & 0xC0) == 0x80) {
                most--;
            }
            var text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body, 0, most));
            return secrets.scrub(text.toString());
        } catch (CharacterCodingException noText) {
            return null;
        }
    }

    /** Copied token by token and no further than will be kept; null when it is no JSON object or array. */
    private static @Nullable String json(byte[] body, Secrets secrets) {
        var out = new StringWriter(Math.min(body.length, MOST_CHARACTERS) + 64);
        try (JsonParser parser = JSON.createParser(body);
                JsonGenerator copy = JSON.createGenerator(out)) {
            if (!isContainer(parser.nextToken())) {
                return null;
            }
            new Copy(parser, copy, secrets).all(out);
        } catch (JacksonException noJson) {
            return null;
        }
        return out.toString();
    }

    private static boolean isContainer(@Nullable JsonToken token) {
        return token == JsonToken.START_OBJECT || token == JsonToken.START_ARRAY;
    }

    private static final class Copy {

        private final JsonParser from;
        private final JsonGenerator to;
        private final Secrets secrets;
        private int depth;

        /** The depth of the container under a telling name; 0: outside of any. */
        private int secretDepth;

        private boolean isSecret;

        Copy(JsonParser from, JsonGenerator to, Secrets secrets) {
            this.from = from;
            this.to = to;
            this.secrets = secrets;
        }

        void all(StringWriter out) {
            int events = 0;
            for (var token = from.currentToken(); token != null; token = from.nextToken()) {
                copy(token);
                if (++events % 256 == 0) {
                    to.flush();
                    if (out.getBuffer().length() > MOST_CHARACTERS) {
                        return;
                    }
                }
            }
        }

        private void copy(JsonToken token) {
            switch (token) {
                case START_OBJECT -> {
                    open();
                    to.writeStartObject();
                }
                case START_ARRAY -> {
                    open();
                    to.writeStartArray();
                }
                case END_OBJECT -> {
                    close();
                    to.writeEndObject();
                }
                case END_ARRAY -> {
                    close();
                    to.writeEndArray();
                }
                case PROPERTY_NAME -> {
                    to.writeName(secrets.scrub(from.currentName()));
                    isSecret = Secrets.isSecretName(from.currentName());
                    return;
                }
                case VALUE_STRING -> {
                    var text = from.getString();
                    to.writeString(hides() && !text.isEmpty() ? secrets.hide(text) : secrets.scrub(text));
                }
                case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
                    if (hides()) {
                        to.writeString(secrets.hide(from.getString()));
                    } else {
                        to.writeRawValue(from.getString());
                    }
                }
                case VALUE_TRUE -> to.writeBoolean(true);
                case VALUE_FALSE -> to.writeBoolean(false);
                case VALUE_NULL -> to.writeNull();
                case VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE -> {
                    // neither stands in a text
                }
            }
            isSecret = false;
        }

        private boolean hides() {
            return isSecret || secretDepth > 0;
        }

        private void open() {
            depth++;
            if (isSecret && secretDepth == 0) {
                secretDepth = depth;
            }
            isSecret = false;
        }

        private void close() {
            if (depth == secretDepth) {
                secretDepth = 0;
            }
            depth--;
            isSecret = false;
        }
    }
}
