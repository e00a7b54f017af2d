package io.syncline.scheduler.ops;

import io.syncline.scheduler.catalog.PageRequest;
import io.syncline.scheduler.security.RequiresScope;
import io.syncline.scheduler.security.Scope;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
class AuditController {

    private final JdbcAuditEntries entries;

    AuditController(JdbcAuditEntries entries) {
        this.entries = entries;
    }

    /** Who did what, newest first. */
    @GetMapping("/api/v1/audit")
    @RequiresScope(value = Scope.AUDIT_READ, everyLabel = true)
    PageView<AuditEntry> audit(
            @RequestParam(required = false) @Nullable String kind,
            @RequestParam(required = false) @Nullable String key,
            @RequestParam(required = false) @Nullable String actor,
            @RequestParam(required = false) @Nullable String limit,
            @RequestParam(required = false) @Nullable String cursor) {
        var page = PageRequest.of(limit, cursor);
        var list = "audit " + Objects.toString(kind) + ' ' + Objects.toString(key) + ' ' + Objects.toString(actor);
        var found = entries.page(kind, key, actor, ListCursor.read(list, page.cursor()), page.limit() + 1);
        if (found.size() <= page.limit()) {
            return new PageView<>(found, null);
        }
        var items = List.copyOf(found.subList(0, page.limit()));
        return new PageView<>(
                items, ListCursor.write(list, items.get(items.size() - 1).auditId()));
    }
}
