package io.syncline.scheduler.security;

import java.net.URI;
import java.util.Map;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** Takes the set-up code that an empty platform prints at its start, and answers its first client, once. */
@RestController
class SetupController {

    private final FirstClient firstClient;
    private final ClientStanding standing;

    SetupController(FirstClient firstClient, ClientStanding standing) {
        this.firstClient = firstClient;
        this.standing = standing;
    }

    @PublicRoute
    @PostMapping(path = "/api/v1/setup", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Map<String, Object>> setUp(@RequestBody byte[] body) {
        var json = StrictJson.read(body);
        var problem = ProblemException.of(422, "setup-invalid", "Invalid set-up")
                .detail("Send {\"code\": \"…\", \"clientId\": \"…\"}.");
        var code = text(json, "code", problem);
        var clientId = text(json, "clientId", problem);
        if (!problem.hasErrors() && !Keys.isKey(clientId)) {
            problem.error("/clientId", "is no key: lower-case letters, digits, inner hyphens, at most 63", "format");
        }
        if (problem.hasErrors()) {
            throw problem;
        }
        var made = firstClient
                .redeem(code, clientId)
                .orElseThrow(
                        () -> ProblemException.of(403, "setup-refused", "Set-up refused")
                                .detail(
                                        "The code is wrong, older than 24 hours or used, or the platform has a client already."));
        standing.forget(clientId);
        return ResponseEntity.created(URI.create("/api/v1/clients/" + clientId))
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .body(ClientsController.viewWithSecret(made));
    }

    private static String text(JsonNode body, String member, ProblemException problem) {
        var node = body.get(member);
        if (node == null || !node.isString()) {
            problem.error("/" + member, "is missing or no text", "missing");
            return "";
        }
        return node.stringValue();
    }
}
