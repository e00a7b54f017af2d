package io.syncline.scheduler.security;

import jakarta.servlet.http.HttpServletRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What people see and change of their own account. */
@RestController
@RequestMapping("/api/v1/me")
class MeController {

    private static final int LONGEST_SECRET = 1000;

    private final People people;
    private final Sessions sessions;

    MeController(People people, Sessions sessions) {
        this.people = people;
        this.sessions = sessions;
    }

    @PersonRoute
    @GetMapping
    Map<String, Object> me(Caller caller) {
        var user = people.find(caller.subject()).orElseThrow(Problems::notFound);
        var view = new LinkedHashMap<String, Object>(UsersController.view(user));
        var person = caller.person();
        if (person != null) {
            view.put(
                    "scopes", caller.scopes().stream().sorted().map(Scope::text).toList());
            view.put("signedInAt", person.signedInAt());
        }
        return view;
    }

    /** The session in which the password is changed stays; the person's others end. */
    @PersonRoute
    @PostMapping(path = "/password", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Void> changePassword(@RequestBody byte[] bytes, Caller caller, HttpServletRequest request) {
        var body = new JsonBody(
                bytes,
                ProblemException.of(422, "password-invalid", "Invalid password")
                        .detail("Send {\"currentPassword\": \"…\", \"password\": \"…\"}; errors lists what is wrong."));
        var current = body.text("currentPassword", LONGEST_SECRET);
        var password = body.text("password", LONGEST_SECRET);
        body.refuseIfWrong();
        var session = RouteFilter.session().orElseThrow(Problems::forbidden);
        var address = sessions.find(session).map(Session::remoteAddress).orElse(request.getRemoteAddr());
        people.changePassword(caller.subject(), session, current, password, address);
        return ResponseEntity.noContent().build();
    }
}
