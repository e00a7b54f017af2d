package io.syncline.scheduler.security;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Takes the set-up code that an empty platform prints at its start, once, for its first client and its first administrator. */
@RestController
class SetupController {

    private static final int LONGEST_SECRET = 1000;
    private static final int LONGEST_NAME = 200;

    private final FirstSteps steps;
    private final ClientStanding standing;
    private final Passwords passwords;
    private final SignInDelays delays;
    private final PortalProperties portal;

    SetupController(
            FirstSteps steps,
            ClientStanding standing,
            Passwords passwords,
            SignInDelays delays,
            PortalProperties portal) {
        this.steps = steps;
        this.standing = standing;
        this.passwords = passwords;
        this.delays = delays;
        this.portal = portal;
    }

    private record Person(String key, String name, String password) {
        @Override
        public String toString() {
            return "Person[" + key + "]";
        }
    }

    @PublicRoute
    @PostMapping(path = "/api/v1/setup", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Map<String, Object>> setUp(@RequestBody byte[] bytes, HttpServletRequest request) {
        var problem = ProblemException.of(422, "setup-invalid", "Invalid set-up")
                .detail(
                        "Send {\"code\": \"…\", \"clientId\": \"…\"}, or \"user\" with key, name and password, or both.");
        var body = new JsonBody(bytes, problem);
        var code = body.text("code", LONGEST_SECRET);
        var person = person(body, problem);
        var clientId =
                body.has("user") ? body.optionalText("clientId", LONGEST_NAME) : body.text("clientId", LONGEST_NAME);
        if (clientId != null && !clientId.isEmpty() && !Keys.isKey(clientId)) {
            body.error("/clientId", "is no key: lower-case letters, digits, inner hyphens, at most 63", "format");
        } else if (person != null
                && (portal.clientId().equals(clientId) || person.key().equals(clientId))) {
            body.error("/clientId", "is the portal's or the person's own name", "reserved");
        }
        body.refuseIfWrong();
        var attempt = delays.begin("set-up", request.getRemoteAddr());
        if (!steps.isGood(code)) {
            throw refused();
        }
        // A password is hashed for nobody but who holds the code.
        var made = steps.redeem(code, clientId, administrator(person)).orElseThrow(SetupController::refused);
        delays.succeeded(attempt);
        return answer(made);
    }

    private static @Nullable Person person(JsonBody body, ProblemException problem) {
        var node = body.node("user");
        if (node == null) {
            return null;
        }
        if (!node.isObject()) {
            body.error("/user", "is no object", "type");
            return null;
        }
        var members = new JsonBody(node, problem, "/user");
        var key = members.text("key", LONGEST_NAME);
        if (!key.isEmpty() && !Keys.isKey(key)) {
            members.error("/user/key", "is no key: lower-case letters, digits, inner hyphens, at most 63", "format");
        }
        var name = members.text("name", LONGEST_NAME);
        var password = members.text("password", LONGEST_SECRET);
        var fault = password.isEmpty() ? null : PasswordRules.fault(password, List.of(key, name));
        if (fault != null) {
            members.error("/user/password", fault, "password");
        }
        members.tellUnknown();
        return new Person(key, name, password);
    }

    private FirstSteps.@Nullable Administrator administrator(@Nullable Person person) {
        if (person == null) {
            return null;
        }
        var document = new UserChange(person.name(), null, Set.of(Role.ADMIN), Labels.ALL, Set.of(), true, null);
        return new FirstSteps.Administrator(person.key(), document, passwords.hash(person.password()));
    }

    private ResponseEntity<Map<String, Object>> answer(FirstSteps.Made made) {
        var view = new LinkedHashMap<String, Object>();
        var location = "/api/v1/clients";
        var client = made.client();
        if (client != null) {
            standing.forget(client.client().key());
            view.putAll(ClientsController.viewWithSecret(client));
            location += "/" + client.client().key();
        }
        var user = made.user();
        if (user != null) {
            view.put("user", UsersController.view(user));
            location = client == null ? "/api/v1/users/" + user.key() : location;
        }
        return ResponseEntity.created(URI.create(location))
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .body(view);
    }

    private static ProblemException refused() {
        return ProblemException.of(403, "setup-refused", "Set-up refused")
                .detail("The code is wrong, older than 24 hours or used, or the platform has a client already.");
    }
}
