package io.syncline.consumer.csv;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * RFC 4180 read by hand, for reconciliations alone: it shares no line with the reader that the loader uses, so that a
 * fault of either shows as a difference.
 */
public final class PlainCsv implements AutoCloseable {

    private static final int END = -1;

    private final Reader text;
    private final FileForm form;
    private final char[] characters = new char[32 * 1024];
    private final StringBuilder field = new StringBuilder();
    private int place;
    private int end;
    private long lines;

    public PlainCsv(Path path, FileForm form) throws IOException {
        this.text = Unpacked.open(path, form.charset());
        this.form = form;
    }

    /** The next record's fields, one that means null as null; null at the end of the text. */
    public @Nullable List<@Nullable String> next() throws IOException {
        int c = read();
        if (c == END) {
            return null;
        }
        lines++;
        var fields = new ArrayList<@Nullable String>();
        while (true) {
            field.setLength(0);
            if (c == '"') {
                quoted();
                c = read();
            } else {
                while (c != ',' && c != '\n' && c != '\r' && c != END) {
                    field.append((char) c);
                    c = read();
                }
            }
            fields.add(form.content(field.toString()));
            if (c == ',') {
                c = read();
                continue;
            }
            if (c == '\r') {
                if (peek() == '\n') {
                    place++;
                }
            } else if (c != '\n' && c != END) {
                throw new UnreadableCsvException("record " + lines + ": text behind a closing quote");
            }
            return fields;
        }
    }

    private void quoted() throws IOException {
        while (true) {
            int c = read();
            if (c == END) {
                throw new UnreadableCsvException("record " + lines + ": the text ends inside quotes");
            }
            if (c == '"') {
                if (peek() != '"') {
                    return;
                }
                place++;
            }
            field.append((char) c);
        }
    }

    private int read() throws IOException {
        int c = peek();
        place++;
        return c;
    }

    /** The next character, which is not read by this. */
    private int peek() throws IOException {
        while (place >= end) {
            int read = text.read(characters, 0, characters.length);
            if (read < 0) {
                return END;
            }
            place = 0;
            end = read;
        }
        return characters[place];
    }

    @Override
    public void close() throws IOException {
        text.close();
    }
}
