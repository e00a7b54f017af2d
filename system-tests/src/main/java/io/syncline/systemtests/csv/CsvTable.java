package io.syncline.systemtests.csv;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A CSV file (RFC 4180, gzipped when its name ends with .gz) in memory: header, and rows by the text of their key. An
 * empty field is null; {@code NA} is text like any other.
 */
public record CsvTable(List<String> header, Map<String, List<@Nullable String>> rows) {

    public static CsvTable read(Path file, String keyColumn) {
        try (var text = open(file)) {
            return read(text, keyColumn, file.toString());
        } catch (IOException trouble) {
            throw new UncheckedIOException("cannot read " + file, trouble);
        }
    }

    /** All records of a file in their order, the header included. */
    public static List<List<@Nullable String>> records(Path file) {
        try (var text = open(file)) {
            return records(text);
        } catch (IOException trouble) {
            throw new UncheckedIOException("cannot read " + file, trouble);
        }
    }

    /** All records of a text in their order, the header included. */
    public static List<List<@Nullable String>> records(Reader text) throws IOException {
        var records = new ArrayList<List<@Nullable String>>();
        for (var cells = record(text); cells != null; cells = record(text)) {
            records.add(cells);
        }
        return records;
    }

    private static BufferedReader open(Path file) throws IOException {
        var bytes = Files.newInputStream(file);
        return new BufferedReader(new InputStreamReader(
                file.toString().endsWith(".gz") ? new GZIPInputStream(bytes) : bytes, StandardCharsets.UTF_8));
    }

    static CsvTable read(Reader text, String keyColumn, String name) throws IOException {
        var first = record(text);
        if (first == null) {
            throw new IllegalArgumentException("no header in " + name);
        }
        var header = new ArrayList<String>();
        first.forEach(cell -> header.add(cell == null ? "" : cell));
        var keyAt = header.indexOf(keyColumn);
        if (keyAt < 0) {
            throw new IllegalArgumentException("no column %s in %s: %s".formatted(keyColumn, name, header));
        }
        var rows = new LinkedHashMap<String, List<@Nullable String>>();
        for (var cells = record(text); cells != null; cells = record(text)) {
            if (cells.size() != header.size()) {
                throw new IllegalArgumentException("record %d of %s has %d fields, the header %d"
                        .formatted(rows.size() + 1, name, cells.size(), header.size()));
            }
            var key = cells.get(keyAt);
            if (key == null || rows.put(key, cells) != null) {
                throw new IllegalArgumentException("key %s twice or absent in %s".formatted(key, name));
            }
        }
        return new CsvTable(List.copyOf(header), rows);
    }

    /** Added, deleted and changed keys on the way from {@code before} to this. */
    public Difference since(@Nullable CsvTable before) {
        if (before == null) {
            return new Difference(rows.size(), 0, 0);
        }
        var added = 0;
        var changed = 0;
        for (var row : rows.entrySet()) {
            var was = before.rows.get(row.getKey());
            if (was == null) {
                added++;
            } else if (!was.equals(row.getValue())) {
                changed++;
            }
        }
        var kept = rows.size() - added;
        return new Difference(added, before.rows.size() - kept, changed);
    }

    public record Difference(int added, int deleted, int changed) {}

    /** The next record, or null at the end of the file. */
    private static @Nullable List<@Nullable String> record(Reader text) throws IOException {
        var cells = new ArrayList<@Nullable String>();
        var cell = new StringBuilder();
        var quoted = false;
        var anything = false;
        for (int c = text.read(); c >= 0; c = text.read()) {
            anything = true;
            if (quoted) {
                if (c != '"') {
                    cell.append((char) c);
                } else if (peek(text) == '"') {
                    cell.append((char) text.read());
                } else {
                    quoted = false;
                }
            } else if (c == '"') {
                quoted = true;
            } else if (c == ',') {
                cells.add(textOrNull(cell));
                cell.setLength(0);
            } else if (c == '\n') {
                cells.add(textOrNull(cell));
                return cells;
            } else if (c != '\r') {
                cell.append((char) c);
            }
        }
        if (!anything) {
            return null;
        }
        cells.add(textOrNull(cell));
        return cells;
    }

    private static @Nullable String textOrNull(StringBuilder cell) {
        return cell.isEmpty() ? null : cell.toString();
    }

    private static int peek(Reader text) throws IOException {
        text.mark(1);
        var next = text.read();
        text.reset();
        return next;
    }
}
