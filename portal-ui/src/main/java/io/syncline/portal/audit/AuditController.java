package io.syncline.portal.audit;

import io.syncline.portal.page.Moments;
import io.syncline.portal.platform.ApiCall;
import io.syncline.portal.platform.Platform;
import io.syncline.portal.platform.PlatformException;
import io.syncline.portal.platform.SessionEndedException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.RequestParam;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The audit log, for auditors and administrators. */
@Controller
class AuditController {

    private static final String LOG = "/api/v1/audit";
    private static final String READ = "audit:read";
    private static final int PART = 200;

    private final Platform platform;
    private final JsonMapper json;

    AuditController(Platform platform, JsonMapper json) {
        this.platform = platform;
        this.json = json;
    }

    @GetMapping("/audit")
    String audit(
            @ModelAttribute("filter") AuditFilter filter, Moments moments, Model model, HttpServletResponse response) {
        try {
            var list = platform.ask(
                    ApiCall.get(LOG)
                            .query(filter.question(moments))
                            .query("limit", 50)
                            .query("cursor", filter.cursor())
                            .needs(READ),
                    AuditEntry.Part.class);
            model.addAttribute(
                    "rows",
                    list.items().stream()
                            .map(entry -> AuditRow.of(entry, moments, json))
                            .toList());
            model.addAttribute(
                    "nextPage", list.nextCursor() == null ? null : filter.addressOfPageAt(list.nextCursor()));
            model.addAttribute("roads", AuditFilter.ROADS);
            return "audit";
        } catch (PlatformException refusal) {
            return notAllowed(refusal, model, response);
        }
    }

    /** Whether the entries are as they were sealed, from a place on. */
    @GetMapping("/audit/verify")
    String verify(
            @RequestParam(required = false) @Nullable String after,
            @RequestParam(required = false) @Nullable String place,
            @RequestParam(required = false) @Nullable String hash,
            Moments moments,
            Model model,
            HttpServletResponse response) {
        try {
            var verdict = platform.ask(
                    ApiCall.get(LOG + "/verify")
                            .query("after", after)
                            .query("place", place)
                            .query("hash", hash)
                            .needs(READ),
                    ChainVerdict.class);
            model.addAttribute("verdict", verdict);
            model.addAttribute("words", verdict.words());
            model.addAttribute("sealed", moments.of(verdict.head().sealedAt()));
            model.addAttribute("place", place);
            model.addAttribute("hash", hash);
            return "audit-verify";
        } catch (PlatformException refusal) {
            return notAllowed(refusal, model, response);
        }
    }

    private static String notAllowed(PlatformException refusal, Model model, HttpServletResponse response) {
        if (refusal.kind() != PlatformException.Kind.FORBIDDEN) {
            throw refusal;
        }
        response.setStatus(HttpStatus.FORBIDDEN.value());
        model.addAttribute("forbidden", refusal.words());
        return "audit-forbidden";
    }

    /** All entries that the filters leave, newest first, one JSON object a line; read and written part by part. */
    @GetMapping("/audit/export")
    void export(@ModelAttribute("filter") AuditFilter filter, Moments moments, HttpServletResponse response)
            throws IOException {
        var part = part(filter, moments, null);
        response.setStatus(HttpStatus.OK.value());
        response.setContentType("application/x-ndjson");
        response.setHeader(
                HttpHeaders.CONTENT_DISPOSITION,
                "attachment; filename=\"audit-%s.ndjson\""
                        .formatted(DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss")
                                .format(moments.now().atZone(ZoneOffset.UTC))));
        var out = response.getOutputStream();
        write(part, out);
        for (var cursor = cursor(part); cursor != null; cursor = cursor(part)) {
            part = next(filter, moments, cursor);
            write(part, out);
        }
    }

    /** Trouble in the middle of the file breaks the connection: a file that ends early must not look whole. */
    private JsonNode next(AuditFilter filter, Moments moments, String cursor) throws IOException {
        try {
            return part(filter, moments, cursor);
        } catch (PlatformException | SessionEndedException trouble) {
            throw new ExportBrokenException(trouble);
        }
    }

    private JsonNode part(AuditFilter filter, Moments moments, @Nullable String cursor) {
        return platform.ask(
                ApiCall.get(LOG)
                        .query(filter.question(moments))
                        .query("limit", PART)
                        .query("cursor", cursor)
                        .needs(READ),
                JsonNode.class);
    }

    private static void write(JsonNode part, OutputStream out) throws IOException {
        for (var entry : part.path("items")) {
            out.write(entry.toString().getBytes(StandardCharsets.UTF_8));
            out.write('\n');
        }
        out.flush();
    }

    private static @Nullable String cursor(JsonNode part) {
        var cursor = part.path("nextCursor");
        return cursor.isString() ? cursor.stringValue() : null;
    }

    static final class ExportBrokenException extends IOException {
        ExportBrokenException(Throwable cause) {
            super("The export ends early", cause);
        }
    }
}
