package io.syncline.provider.lookup;

import io.syncline.provider.problem.ProblemException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;

/** Reads the ids of a body as texts, in their order and with those that come twice; reading ends one behind the limit. */
final class AskedIds {

    private static final String NO_ID = "a text or a number is expected";

    private final JsonMapper json;
    private final int most;
    private final List<String> ids = new ArrayList<>();
    private final Flaws flaws = new Flaws();

    private AskedIds(JsonMapper json, int most) {
        this.json = json;
        this.most = most;
    }

    /** @throws ProblemException 400, 413 or 422 */
    static List<String> read(InputStream body, BodyForm form, int most, JsonMapper json) throws IOException {
        var asked = new AskedIds(json, most);
        var utf8 = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        try {
            var text = new BufferedReader(new InputStreamReader(body, utf8), 16 * 1024);
            switch (form) {
                case JSON -> asked.array(text);
                case NDJSON -> asked.lines(text, true);
                case LINES -> asked.lines(text, false);
            }
        } catch (CharacterCodingException wrong) {
            throw notUtf8(wrong);
        }
        asked.flaws.refuse();
        if (asked.ids.isEmpty()) {
            throw ProblemException.invalid("Send at least one id").error("pointer", "", "has no ids", "required");
        }
        return asked.ids;
    }

    private void array(Reader text) throws IOException {
        try (var parser = json.createParser(text)) {
            if (parser.nextToken() != JsonToken.START_ARRAY) {
                parser.skipChildren();
                throw ProblemException.invalid("Send a JSON array of ids")
                        .error("pointer", "", "an array is expected", "type");
            }
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                add(parser);
            }
            if (parser.nextToken() != null) {
                throw notJson(null);
            }
        } catch (JacksonException wrong) {
            if (wrong.getCause() instanceof CharacterCodingException coding) {
                throw notUtf8(coding);
            }
            if (wrong.getCause() instanceof IOException gone) {
                throw gone;
            }
            throw notJson(wrong);
        }
    }

    private void add(JsonParser parser) {
        var token = parser.currentToken();
        if (token == JsonToken.VALUE_STRING || token.isNumeric()) {
            add(parser.getString());
        } else {
            parser.skipChildren();
            flaws.add(place(), NO_ID, "type");
        }
    }

    private void lines(BufferedReader text, boolean isJson) throws IOException {
        for (var line = text.readLine(); line != null; line = text.readLine()) {
            if (isJson) {
                jsonLine(line);
            } else {
                add(line);
            }
        }
    }

    private void jsonLine(String line) {
        try (var parser = json.createParser(line)) {
            var token = parser.nextToken();
            if (token == JsonToken.VALUE_STRING || token != null && token.isNumeric()) {
                var id = parser.getString();
                if (parser.nextToken() == null) {
                    add(id);
                    return;
                }
            }
        } catch (JacksonException wrong) {
            // Told below.
        }
        flaws.add(place(), "one JSON text or number in a line is expected", "type");
    }

    /** Where the next id stands; a flawed one takes its place, too. */
    private int place() {
        add("");
        return ids.size() - 1;
    }

    private void add(String id) {
        if (ids.size() == most) {
            throw ProblemException.of(413, "too-many-ids", "These are more ids than one look-up takes")
                    .detail("Send at most " + most + " ids at a time; syncline.provider.lookups.max-ids sets this")
                    .member("limit", most);
        }
        ids.add(id);
    }

    private static ProblemException notJson(@org.jspecify.annotations.Nullable Throwable cause) {
        var problem = ProblemException.of(400, "not-json", "The body is not JSON")
                .detail("Send a JSON array of ids, and nothing behind it");
        return cause == null ? problem : problem.because(cause);
    }

    private static ProblemException notUtf8(Throwable cause) {
        return ProblemException.of(400, "not-utf-8", "The body is not UTF-8")
                .detail("Send the ids in UTF-8")
                .because(cause);
    }
}
