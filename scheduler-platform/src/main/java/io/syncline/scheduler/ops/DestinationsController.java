package io.syncline.scheduler.ops;

import io.syncline.scheduler.catalog.Precondition;
import io.syncline.scheduler.outbound.DestinationList;
import io.syncline.scheduler.outbound.Destinations;
import io.syncline.scheduler.security.Caller;
import io.syncline.scheduler.security.RequiresRecentSignIn;
import io.syncline.scheduler.security.RequiresScope;
import io.syncline.scheduler.security.Scope;
import io.syncline.scheduler.security.SecondApprover;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

@RestController
class DestinationsController {

    private final Destinations destinations;
    private final JsonMapper json;

    DestinationsController(Destinations destinations, JsonMapper json) {
        this.destinations = destinations;
        this.json = json;
    }

    /** The addresses that the platform may call. */
    @GetMapping("/api/v1/destinations")
    @RequiresScope(Scope.CONFIG_READ)
    ResponseEntity<DestinationsView> get() {
        return answer(destinations.list());
    }

    /** Replaces the operators' list; those of the settings stay. */
    @PutMapping(path = "/api/v1/destinations", consumes = MediaType.APPLICATION_JSON_VALUE)
    @RequiresScope(value = Scope.CONFIG_WRITE, people = Scope.ADMIN)
    @SecondApprover(SecondApprover.Kind.DESTINATIONS)
    @RequiresRecentSignIn
    ResponseEntity<DestinationsView> put(
            Caller caller, @RequestHeader HttpHeaders headers, @RequestBody(required = false) byte @Nullable [] body) {
        var tree = DestinationsBody.tree(ConfigDocuments.bounded(body), json);
        var precondition = ConfigDocuments.precondition(headers);
        destinations.check(precondition);
        return answer(destinations.put(DestinationsBody.read(tree), precondition, caller.subject()));
    }

    private ResponseEntity<DestinationsView> answer(DestinationList list) {
        return ResponseEntity.ok()
                .eTag(Precondition.etag(list.version()))
                .body(DestinationsView.of(list, destinations.configured()));
    }
}
