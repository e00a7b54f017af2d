package io.syncline.scheduler.ops;

import io.syncline.scheduler.alert.ChannelTests;
import io.syncline.scheduler.catalog.ChannelCatalog;
import io.syncline.scheduler.catalog.Editor;
import io.syncline.scheduler.catalog.PageRequest;
import io.syncline.scheduler.security.Caller;
import io.syncline.scheduler.security.RequiresRecentSignIn;
import io.syncline.scheduler.security.RequiresScope;
import io.syncline.scheduler.security.Scope;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ObjectNode;

@RestController
class ChannelsController {

    private final ChannelCatalog channels;
    private final ChannelTests tests;
    private final Audit audit;
    private final TransactionTemplate transaction;

    ChannelsController(
            ChannelCatalog channels, ChannelTests tests, Audit audit, PlatformTransactionManager transactions) {
        this.channels = channels;
        this.tests = tests;
        this.audit = audit;
        this.transaction = new TransactionTemplate(transactions);
    }

    /** The channels by key. */
    @GetMapping("/api/v1/channels")
    @RequiresScope(Scope.CONFIG_READ)
    PageView<ObjectNode> list(
            Caller caller,
            @RequestParam(required = false) @Nullable String limit,
            @RequestParam(required = false) @Nullable String cursor) {
        var page = channels.list(PageRequest.of(limit, cursor), caller.labels());
        return new PageView<>(
                page.items().stream().map(ChannelCatalog.View::document).toList(), page.nextCursor());
    }

    /** One channel, without its secrets. */
    @GetMapping("/api/v1/channels/{key}")
    @RequiresScope(Scope.CONFIG_READ)
    ResponseEntity<byte[]> get(Caller caller, @PathVariable String key, @RequestHeader HttpHeaders headers) {
        return answer(HttpStatus.OK, headers, channels.get(key, caller.labels()));
    }

    /** Creates or replaces a channel; secrets that are left out stay. */
    @PutMapping(
            path = "/api/v1/channels/{key}",
            consumes = {
                MediaType.APPLICATION_JSON_VALUE,
                ConfigDocuments.APPLICATION_YAML,
                ConfigDocuments.APPLICATION_X_YAML,
                ConfigDocuments.TEXT_YAML,
                ConfigDocuments.TEXT_X_YAML
            })
    @RequiresScope(Scope.CONFIG_WRITE)
    @RequiresRecentSignIn
    ResponseEntity<byte[]> put(
            Caller caller,
            @PathVariable String key,
            @RequestParam(required = false) @Nullable String detach,
            @RequestHeader HttpHeaders headers,
            @RequestBody(required = false) byte @Nullable [] body) {
        var detaching = QueryFlags.read("detach", detach);
        var stored = channels.put(
                key,
                ConfigDocuments.format(headers.getFirst(HttpHeaders.CONTENT_TYPE)),
                ConfigDocuments.bounded(body),
                ConfigDocuments.precondition(headers),
                Editor.of(caller, detaching));
        var answer = answer(stored.created() ? HttpStatus.CREATED : HttpStatus.OK, headers, stored.view());
        return stored.created()
                ? ResponseEntity.created(URI.create("/api/v1/channels/" + key))
                        .headers(answer.getHeaders())
                        .body(answer.getBody())
                : answer;
    }

    /** Ends the channel; refused while a group names it. */
    @DeleteMapping("/api/v1/channels/{key}")
    @RequiresScope(Scope.CONFIG_WRITE)
    @RequiresRecentSignIn
    ResponseEntity<Void> delete(
            Caller caller,
            @PathVariable String key,
            @RequestParam(required = false) @Nullable String detach,
            @RequestHeader HttpHeaders headers) {
        var detaching = QueryFlags.read("detach", detach);
        channels.delete(key, ConfigDocuments.precondition(headers), Editor.of(caller, detaching));
        return ResponseEntity.noContent().build();
    }

    /** Sends a test message at once and tells how that went; ends within 15 s. */
    @PostMapping("/api/v1/channels/{key}/test")
    @RequiresScope(Scope.CONFIG_WRITE)
    ChannelTests.Result test(Caller caller, @PathVariable String key) {
        var result = tests.run(key, caller.subject(), caller.labels());
        transaction.executeWithoutResult(
                status -> audit.record(caller.subject(), "test", "channel", key, null, details(result)));
        return result;
    }

    private static Map<String, Object> details(ChannelTests.Result result) {
        var details = new LinkedHashMap<String, Object>();
        details.put("status", result.status());
        var detail = result.detail();
        if (detail != null) {
            details.put("detail", detail);
        }
        return details;
    }

    private static ResponseEntity<byte[]> answer(HttpStatus status, HttpHeaders headers, ChannelCatalog.View view) {
        return ConfigDocuments.answer(status, headers, view.document(), view.version());
    }
}
