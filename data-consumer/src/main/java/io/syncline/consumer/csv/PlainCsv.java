package io.syncline.consumer.csv;

import java.io.BufferedReader;
import java.io.IOException;
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

    private final BufferedReader text;
    private final FileForm form;
    private long lines;

    public PlainCsv(Path path, FileForm form) throws IOException {
        this.text = new BufferedReader(Unpacked.open(path, form.charset()), 64 * 1024);
        this.form = form;
    }

    /** The next record's fields, one that means null as null; null at the end of the text. */
    public @Nullable List<@Nullable String> next() throws IOException {
        int c = text.read();
        if (c == END) {
            return null;
        }
        lines++;
        var fields = new ArrayList<@Nullable String>();
        while (true) {
            var field = new StringBuilder();
            if (c == '"') {
                quoted(field);
                c = text.read();
            } else {
                while (c != ',' && c != '\n' && c != '\r' && c != END) {
                    field.append((char) c);
                    c = text.read();
                }
            }
            fields.add(form.content(field.toString()));
            if (c == ',') {
                c = text.read();
                continue;
            }
            if (c == '\r') {
                text.mark(1);
                if (text.read() != '\n') {
                    text.reset();
                }
            } else if (c != '\n' && c != END) {
                throw new UnreadableCsvException("record " + lines + ": text behind a closing quote");
            }
            return fields;
        }
    }

    private void quoted(StringBuilder field) throws IOException {
        while (true) {
            int c = text.read();
            if (c == END) {
                throw new UnreadableCsvException("record " + lines + ": the text ends inside quotes");
            }
            if (c == '"') {
                text.mark(1);
                if (text.read() != '"') {
                    text.reset();
                    return;
                }
            }
            field.append((char) c);
        }
    }

    @Override
    public void close() throws IOException {
        text.close();
    }
}
