package io.syncline.consumer.csv;

import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;
import org.jspecify.annotations.Nullable;

/**
 * A CSV text that ends with an {@link UnreadableTextException} where text stands behind a closing quote (RFC 4180, section
 * 2, rule 5): parsers that are kinder drop blanks there, and a field would not be what was sent.
 */
public final class StrictQuotes extends FilterReader {

    private enum Place {
        FIELD_START,
        BARE,
        QUOTED,
        /** Behind a quote in a quoted field: it closes the field, or it is the first of two. */
        BEHIND_QUOTE
    }

    private Place place = Place.FIELD_START;
    private @Nullable UnreadableTextException fault;

    public StrictQuotes(Reader text) {
        super(text);
    }

    @Override
    public int read() throws IOException {
        var one = new char[1];
        return read(one, 0, 1) < 0 ? -1 : one[0];
    }

    /** What stands before the fault is handed on first. */
    @Override
    public int read(char[] target, int offset, int length) throws IOException {
        if (fault != null) {
            throw fault;
        }
        int read = super.read(target, offset, length);
        for (int i = 0; i < read; i++) {
            char c = target[offset + i];
            if (place == Place.BEHIND_QUOTE && c != '"' && !endsField(c)) {
                fault = new UnreadableTextException("text behind a closing quote");
                if (i == 0) {
                    throw fault;
                }
                return i;
            }
            follow(c);
        }
        return read;
    }

    private void follow(char c) {
        place = switch (place) {
            case FIELD_START -> c == '"' ? Place.QUOTED : unquoted(c);
            case BARE -> unquoted(c);
            case QUOTED -> c == '"' ? Place.BEHIND_QUOTE : Place.QUOTED;
            case BEHIND_QUOTE -> c == '"' ? Place.QUOTED : Place.FIELD_START;
        };
    }

    private static Place unquoted(char c) {
        return endsField(c) ? Place.FIELD_START : Place.BARE;
    }

    private static boolean endsField(char c) {
        return c == ',' || c == '\n' || c == '\r';
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
