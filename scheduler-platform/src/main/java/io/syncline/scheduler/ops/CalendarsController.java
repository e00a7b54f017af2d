package io.syncline.scheduler.ops;

import io.syncline.scheduler.catalog.CalendarCatalog;
import io.syncline.scheduler.catalog.Editor;
import io.syncline.scheduler.catalog.PageRequest;
import io.syncline.scheduler.catalog.Stored;
import io.syncline.scheduler.catalog.StoredVersion;
import io.syncline.scheduler.security.Caller;
import io.syncline.scheduler.security.QueryReason;
import io.syncline.scheduler.security.RequiresScope;
import io.syncline.scheduler.security.Scope;
import io.syncline.scheduler.security.SecondApprover;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
class CalendarsController {

    private final CalendarCatalog calendars;

    CalendarsController(CalendarCatalog calendars) {
        this.calendars = calendars;
    }

    /** Calendars by key. */
    @GetMapping("/api/v1/calendars")
    @RequiresScope(Scope.CONFIG_READ)
    PageView<CalendarListItem> list(
            Caller caller,
            @RequestParam(required = false) @Nullable String limit,
            @RequestParam(required = false) @Nullable String cursor) {
        var page = calendars.list(PageRequest.of(limit, cursor), caller.labels());
        return new PageView<>(
                page.items().stream()
                        .map(stored -> CalendarListItem.of(stored, calendars.read(stored)))
                        .toList(),
                page.nextCursor());
    }

    /** The document, with its version as {@code status}. */
    @GetMapping("/api/v1/calendars/{key}")
    @RequiresScope(Scope.CONFIG_READ)
    ResponseEntity<byte[]> get(Caller caller, @PathVariable String key, @RequestHeader HttpHeaders headers) {
        return answer(headers, calendars.get(key, caller.labels()));
    }

    /** Creates or replaces a calendar; schedules that name it go by it at once. */
    @PutDocument("/api/v1/calendars/{key}")
    @RequiresScope(Scope.CONFIG_WRITE)
    @SecondApprover(SecondApprover.Kind.GROUPS)
    ResponseEntity<byte[]> put(
            Caller caller,
            @PathVariable String key,
            @RequestParam(required = false) @Nullable String detach,
            @RequestHeader HttpHeaders headers,
            @RequestBody(required = false) byte @Nullable [] body) {
        boolean detaching = QueryFlags.read("detach", detach);
        Stored<StoredVersion> stored = calendars.put(
                key,
                ConfigDocuments.format(headers.getFirst(HttpHeaders.CONTENT_TYPE)),
                ConfigDocuments.bounded(body),
                ConfigDocuments.precondition(headers),
                Editor.of(caller, detaching));
        return ConfigDocuments.stored("/api/v1/calendars/" + key, stored.created(), answer(headers, stored.view()));
    }

    /** Ends the calendar; refused while a group names it. */
    @DeleteMapping("/api/v1/calendars/{key}")
    @RequiresScope(Scope.CONFIG_WRITE)
    @SecondApprover(SecondApprover.Kind.GROUPS)
    ResponseEntity<Void> delete(
            Caller caller,
            @PathVariable String key,
            @RequestParam(required = false) @Nullable String detach,
            @RequestParam(required = false) @Nullable String reason,
            @RequestHeader HttpHeaders headers) {
        boolean detaching = QueryFlags.read("detach", detach);
        calendars.delete(
                key, ConfigDocuments.precondition(headers), Editor.of(caller, detaching, QueryReason.read(reason)));
        return ResponseEntity.noContent().build();
    }

    private ResponseEntity<byte[]> answer(HttpHeaders headers, StoredVersion stored) {
        return ConfigDocuments.answer(headers, calendars.show(stored), stored.version());
    }
}
