package io.syncline.scheduler.ops;

import io.syncline.scheduler.catalog.Editor;
import io.syncline.scheduler.catalog.PageRequest;
import io.syncline.scheduler.catalog.Stored;
import io.syncline.scheduler.catalog.StoredVersion;
import io.syncline.scheduler.catalog.SystemCatalog;
import io.syncline.scheduler.outbound.InstanceStates;
import io.syncline.scheduler.security.Caller;
import io.syncline.scheduler.security.QueryReason;
import io.syncline.scheduler.security.RequiresRecentSignIn;
import io.syncline.scheduler.security.RequiresScope;
import io.syncline.scheduler.security.Scope;
import io.syncline.scheduler.security.SecondApprover;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
class SystemsController {

    private static final int GROUPS_IN_LIST = 3;
    private static final int GROUPS_OF_ONE = 50;

    private final SystemCatalog systems;
    private final InstanceStates states;

    SystemsController(SystemCatalog systems, InstanceStates states) {
        this.systems = systems;
        this.states = states;
    }

    /** Systems by key. */
    @GetMapping("/api/v1/systems")
    @RequiresScope(Scope.CONFIG_READ)
    PageView<SystemListItem> list(
            Caller caller,
            @RequestParam(required = false) @Nullable String limit,
            @RequestParam(required = false) @Nullable String cursor) {
        var page = systems.list(PageRequest.of(limit, cursor), caller.labels());
        var keys = page.items().stream().map(StoredVersion::key).toList();
        var groups = systems.groupsCalling(keys, GROUPS_IN_LIST, caller.labels());
        return new PageView<>(
                page.items().stream()
                        .map(stored -> SystemListItem.of(
                                stored,
                                systems.read(stored),
                                groups.getOrDefault(stored.key(), List.of()),
                                GROUPS_IN_LIST,
                                states.of(stored.key())))
                        .toList(),
                page.nextCursor());
    }

    /** The document, with its version, who calls it and how its instances stand as {@code status}. */
    @GetMapping("/api/v1/systems/{key}")
    @RequiresScope(Scope.CONFIG_READ)
    ResponseEntity<byte[]> get(Caller caller, @PathVariable String key, @RequestHeader HttpHeaders headers) {
        var stored = systems.get(key, caller.labels());
        var document = systems.show(stored);
        var status = document.withObject("/status");
        var groups = systems.groupsCalling(List.of(key), GROUPS_OF_ONE, caller.labels())
                .getOrDefault(key, List.of());
        var shown = status.putArray("groups");
        groups.stream().limit(GROUPS_OF_ONE).forEach(shown::add);
        status.put("moreGroups", groups.size() > GROUPS_OF_ONE);
        var instances = status.putArray("instances");
        SystemListItem.states(systems.read(stored).instances(), states.of(key))
                .forEach(instance -> instances
                        .addObject()
                        .put("url", instance.url())
                        .put("state", instance.state().name()));
        return ConfigDocuments.answer(headers, document, stored.version());
    }

    /** Creates or replaces a system; the next calls go by it. */
    @PutDocument("/api/v1/systems/{key}")
    @RequiresScope(Scope.CONFIG_WRITE)
    @SecondApprover(SecondApprover.Kind.SYSTEMS)
    @RequiresRecentSignIn
    ResponseEntity<byte[]> put(
            Caller caller,
            @PathVariable String key,
            @RequestParam(required = false) @Nullable String detach,
            @RequestParam(required = false) @Nullable String reason,
            @RequestHeader HttpHeaders headers,
            @RequestBody(required = false) byte @Nullable [] body) {
        boolean detaching = QueryFlags.read("detach", detach);
        Stored<StoredVersion> stored = systems.put(
                key,
                ConfigDocuments.format(headers.getFirst(HttpHeaders.CONTENT_TYPE)),
                ConfigDocuments.bounded(body),
                ConfigDocuments.precondition(headers),
                Editor.of(caller, detaching, QueryReason.read(reason)));
        return ConfigDocuments.stored("/api/v1/systems/" + key, stored.created(), answer(headers, stored.view()));
    }

    /** Ends the system; refused while a group names it. */
    @DeleteMapping("/api/v1/systems/{key}")
    @RequiresScope(Scope.CONFIG_WRITE)
    @SecondApprover(SecondApprover.Kind.SYSTEMS)
    @RequiresRecentSignIn
    ResponseEntity<Void> delete(
            Caller caller,
            @PathVariable String key,
            @RequestParam(required = false) @Nullable String detach,
            @RequestParam(required = false) @Nullable String reason,
            @RequestHeader HttpHeaders headers) {
        boolean detaching = QueryFlags.read("detach", detach);
        systems.delete(
                key, ConfigDocuments.precondition(headers), Editor.of(caller, detaching, QueryReason.read(reason)));
        return ResponseEntity.noContent().build();
    }

    /** Replaces the secret of a credential; the old one may still be presented while the overlap lasts. */
    @PostMapping(path = "/api/v1/systems/{key}/credentials/{name}/rotate", consumes = MediaType.APPLICATION_JSON_VALUE)
    @RequiresScope(Scope.CONFIG_WRITE)
    @SecondApprover(SecondApprover.Kind.SYSTEMS)
    @RequiresRecentSignIn
    ResponseEntity<byte[]> rotate(
            Caller caller,
            @PathVariable String key,
            @PathVariable String name,
            @RequestParam(required = false) @Nullable String reason,
            @RequestHeader HttpHeaders headers,
            @RequestBody(required = false) byte @Nullable [] body) {
        return answer(
                headers,
                systems.rotate(
                        key, name, ConfigDocuments.bounded(body), Editor.of(caller, false, QueryReason.read(reason))));
    }

    /** Ends the overlap of a rotation: the secret before the present one is presented no more. */
    @PostMapping("/api/v1/systems/{key}/credentials/{name}/retire")
    @RequiresScope(Scope.CONFIG_WRITE)
    @SecondApprover(SecondApprover.Kind.SYSTEMS)
    @RequiresRecentSignIn
    ResponseEntity<byte[]> retire(
            Caller caller,
            @PathVariable String key,
            @PathVariable String name,
            @RequestParam(required = false) @Nullable String reason,
            @RequestHeader HttpHeaders headers) {
        return answer(headers, systems.retire(key, name, Editor.of(caller, false, QueryReason.read(reason))));
    }

    private ResponseEntity<byte[]> answer(HttpHeaders headers, StoredVersion stored) {
        return ConfigDocuments.answer(headers, systems.show(stored), stored.version());
    }
}
