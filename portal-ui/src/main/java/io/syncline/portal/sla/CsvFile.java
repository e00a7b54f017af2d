package io.syncline.portal.sla;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;

/** A table for people's spreadsheets (RFC 4180); a text in which a spreadsheet could see a formula is marked as text. */
final class CsvFile {

    private static final MediaType CSV = MediaType.parseMediaType("text/csv;charset=UTF-8");

    private final StringBuilder lines = new StringBuilder();

    CsvFile(String... columns) {
        row((Object[]) columns);
    }

    /** Null is an empty cell. */
    CsvFile row(@Nullable Object... cells) {
        for (int at = 0; at < cells.length; at++) {
            lines.append(at == 0 ? "" : ",").append(cell(cells[at]));
        }
        lines.append("\r\n");
        return this;
    }

    private static String cell(@Nullable Object content) {
        if (content == null || content instanceof Number) {
            return content == null ? "" : content.toString();
        }
        var text = content.toString();
        if (!text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0) {
            text = "'" + text;
        }
        return text.chars().anyMatch(each -> each == ',' || each == '"' || each == '\n' || each == '\r')
                ? '"' + text.replace("\"", "\"\"") + '"'
                : text;
    }

    ResponseEntity<byte[]> named(String name) {
        return ResponseEntity.ok()
                .contentType(CSV)
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        ContentDisposition.attachment().filename(name).build().toString())
                .body(lines.toString().getBytes(StandardCharsets.UTF_8));
    }
}
