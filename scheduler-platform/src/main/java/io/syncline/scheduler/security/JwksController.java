package io.syncline.scheduler.security;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Publishes the platform's public keys: the current one, the next, and those whose tokens are still accepted. */
@RestController
class JwksController {

    // Well under the 60 s within which a revoked key must be refused.
    private static final Duration CACHED_FOR = Duration.ofSeconds(30);

    private final PlatformKeys keys;

    JwksController(PlatformKeys keys) {
        this.keys = keys;
    }

    @PublicRoute
    @GetMapping(path = "/.well-known/jwks.json", produces = "application/json")
    ResponseEntity<Map<String, List<Map<String, String>>>> jwks() {
        var published = keys.published().stream().map(JwksController::jwk).toList();
        return ResponseEntity.ok()
                .cacheControl(CacheControl.maxAge(CACHED_FOR).cachePublic())
                .body(Map.of("keys", published));
    }

    private static Map<String, String> jwk(VerificationKey key) {
        var members = SigningAlgorithm.of(key.algorithm()).describe(key.key());
        members.put("kid", key.kid());
        members.put("alg", key.algorithm());
        members.put("use", "sig");
        return members;
    }
}
