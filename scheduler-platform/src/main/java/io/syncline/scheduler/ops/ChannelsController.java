package io.syncline.scheduler.ops;

import io.syncline.scheduler.alert.Alerts;
import io.syncline.scheduler.alert.ChannelDelivery;
import io.syncline.scheduler.alert.ChannelTests;
import io.syncline.scheduler.catalog.ChannelCatalog;
import io.syncline.scheduler.catalog.Editor;
import io.syncline.scheduler.catalog.PageRequest;
import io.syncline.scheduler.security.Caller;
import io.syncline.scheduler.security.QueryReason;
import io.syncline.scheduler.security.RequiresRecentSignIn;
import io.syncline.scheduler.security.RequiresScope;
import io.syncline.scheduler.security.Scope;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ObjectNode;

@RestController
class ChannelsController {

    private final ChannelCatalog channels;
    private final ChannelTests tests;
    private final Alerts alerts;
    private final Audit audit;
    private final TransactionTemplate transaction;

    ChannelsController(
            ChannelCatalog channels,
            ChannelTests tests,
            Alerts alerts,
            Audit audit,
            PlatformTransactionManager transactions) {
        this.channels = channels;
        this.tests = tests;
        this.alerts = alerts;
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
        return answer(headers, channels.get(key, caller.labels()));
    }

    /** What was told over a channel, newest first; of alerts within reach. */
    @GetMapping("/api/v1/channels/{key}/deliveries")
    @RequiresScope(Scope.RUNS_READ)
    PageView<ChannelDelivery> deliveries(
            Caller caller,
            @PathVariable String key,
            @RequestParam(required = false) @Nullable String limit,
            @RequestParam(required = false) @Nullable String cursor) {
        channels.get(key, caller.labels());
        var page = alerts.deliveries(key, PageRequest.of(limit, cursor), caller.labels());
        return new PageView<>(page.items(), page.nextCursor());
    }

    /** Creates or replaces a channel; secrets that are left out stay. */
    @PutDocument("/api/v1/channels/{key}")
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
        return ConfigDocuments.stored("/api/v1/channels/" + key, stored.created(), answer(headers, stored.view()));
    }

    /** Ends the channel; refused while a group names it. */
    @DeleteMapping("/api/v1/channels/{key}")
    @RequiresScope(Scope.CONFIG_WRITE)
    @RequiresRecentSignIn
    ResponseEntity<Void> delete(
            Caller caller,
            @PathVariable String key,
            @RequestParam(required = false) @Nullable String detach,
            @RequestParam(required = false) @Nullable String reason,
            @RequestHeader HttpHeaders headers) {
        var detaching = QueryFlags.read("detach", detach);
        channels.delete(
                key, ConfigDocuments.precondition(headers), Editor.of(caller, detaching, QueryReason.read(reason)));
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

    private static ResponseEntity<byte[]> answer(HttpHeaders headers, ChannelCatalog.View view) {
        return ConfigDocuments.answer(headers, view.document(), view.version());
    }
}
