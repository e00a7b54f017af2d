package io.syncline.consumer.users;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.syncline.client.problem.Problem;
import io.syncline.client.problem.ProblemException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** User information over HTTP: one read of one row. */
@RestController
class UserController {

    private static final String AS_OF = "Syncline-As-Of";

    private final JdbcUserReads users;
    private final ViewClock clock;
    private final JsonMapper json;

    UserController(JdbcUserReads users, ViewClock clock, JsonMapper json) {
        this.users = users;
        this.clock = clock;
        this.json = json;
    }

    @Operation(summary = "A user: profile and counters, from a view that changes of the data provider keep")
    @ApiResponse(
            responseCode = "200",
            description = "The user",
            content = @Content(schema = @Schema(implementation = UserInformation.class)),
            headers = {
                @Header(
                        name = AS_OF,
                        description = "All that the provider committed before this moment is in the answer",
                        schema = @Schema(type = "string", format = "date-time")),
                @Header(
                        name = HttpHeaders.ETAG,
                        description = "Of the answer, for If-None-Match",
                        schema = @Schema(type = "string"))
            })
    @ApiResponse(responseCode = "304", description = "Unchanged since the answer with this ETag", content = @Content)
    @ApiResponse(
            responseCode = "404",
            description = "There is no such user",
            content = @Content(mediaType = MediaType.APPLICATION_PROBLEM_JSON_VALUE))
    @GetMapping(path = "/users/{userId}", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<byte @Nullable []> user(
            @PathVariable String userId,
            @RequestHeader(name = HttpHeaders.IF_NONE_MATCH, required = false) @Nullable String ifNoneMatch) {
        // Looked up before the row is read: the row is at least as fresh.
        var asOf = clock.header();
        var found = find(userId);
        var etag = '"' + found.version() + '"';
        var unchanged = ifNoneMatch != null && lists(ifNoneMatch, etag);
        var answer = ResponseEntity.status(unchanged ? HttpStatus.NOT_MODIFIED : HttpStatus.OK)
                .header(HttpHeaders.ETAG, etag)
                .header(HttpHeaders.CACHE_CONTROL, "no-cache");
        if (asOf != null) {
            answer.header(AS_OF, asOf);
        }
        // As bytes the answer has a length and goes out at once, and not in chunks.
        return unchanged ? answer.build() : answer.body(json.writeValueAsBytes(found.user()));
    }

    private JdbcUserReads.Found find(String userId) {
        // No longer id is in the view, and PostgreSQL compares no text that has a character of code 0.
        var found = userId.length() > Fact.LONGEST_ID || userId.indexOf(0) >= 0
                ? Optional.<JdbcUserReads.Found>empty()
                : users.find(userId);
        return found.orElseThrow(() -> new ProblemException(Problem.of(
                404,
                "no-such-user",
                "There is no such user",
                "Ask for a user that the data provider has; a new one is here a moment after it was created.")));
    }

    /** Weak comparison, as RFC 9110 has it. */
    private static boolean lists(String header, String etag) {
        if (header.strip().equals("*")) {
            return true;
        }
        for (var one : header.split(",")) {
            var candidate = one.strip();
            if ((candidate.startsWith("W/") ? candidate.substring(2) : candidate).equals(etag)) {
                return true;
            }
        }
        return false;
    }
}
