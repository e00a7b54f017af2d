package io.syncline.scheduler.ops;

import io.syncline.scheduler.catalog.PageRequest;
import io.syncline.scheduler.security.ProblemException;
import io.syncline.scheduler.security.RequiresScope;
import io.syncline.scheduler.security.Scope;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
class AuditController {

    private final JdbcAuditEntries entries;
    private final JdbcAuditChain chain;
    private final AuditVerifier verifier;

    AuditController(JdbcAuditEntries entries, JdbcAuditChain chain, AuditVerifier verifier) {
        this.entries = entries;
        this.chain = chain;
        this.verifier = verifier;
    }

    /** Who did what, newest first. */
    @GetMapping("/api/v1/audit")
    @RequiresScope(value = Scope.AUDIT_READ, everyLabel = true)
    PageView<AuditEntry> audit(@RequestParam MultiValueMap<String, String> query) {
        var filter = AuditFilter.of(query);
        var page = PageRequest.of(query.getFirst("limit"), query.getFirst("cursor"));
        var list = "audit " + filter;
        var found = entries.page(filter, ListCursor.read(list, page.cursor()), page.limit() + 1);
        if (found.size() <= page.limit()) {
            return new PageView<>(found, null);
        }
        var items = List.copyOf(found.subList(0, page.limit()));
        return new PageView<>(
                items, ListCursor.write(list, items.get(items.size() - 1).auditId()));
    }

    /** The last place of the chain of entries; keep it elsewhere and give it to verify. */
    @GetMapping("/api/v1/audit/head")
    @RequiresScope(value = Scope.AUDIT_READ, everyLabel = true)
    AuditChain.Head head() {
        return chain.head();
    }

    /** Whether the entries are as they were sealed; names the first that is not. */
    @GetMapping("/api/v1/audit/verify")
    @RequiresScope(value = Scope.AUDIT_READ, everyLabel = true)
    AuditVerifier.Verdict verify(
            @RequestParam(required = false) @Nullable String after,
            @RequestParam(required = false) @Nullable String place,
            @RequestParam(required = false) @Nullable String hash) {
        var problem = ProblemException.of(400, "invalid-parameter", "A query parameter is not valid")
                .detail("Correct the query parameters that the errors name.");
        long begin = number("after", after, 0, problem);
        long known = number("place", place, 1, problem);
        if ((place == null) != (hash == null)) {
            problem.parameterError(
                    place == null ? "place" : "hash", "place and hash of a head go together", "invalid-value");
        }
        if (problem.hasErrors()) {
            throw problem;
        }
        return verifier.verify(begin, hash == null ? null : new AuditChain.Link(known, "", hash));
    }

    private static long number(String name, @Nullable String text, long least, ProblemException problem) {
        if (text == null) {
            return least;
        }
        try {
            long number = Long.parseLong(text);
            if (number >= least && number <= Long.MAX_VALUE - AuditVerifier.MOST) {
                return number;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        problem.parameterError(name, "is a whole number from " + least, "invalid-value");
        return least;
    }
}
