package io.syncline.provider.social;

import io.syncline.provider.dataset.RowJson;
import io.syncline.provider.problem.ProblemException;
import io.syncline.provider.request.Caller;
import io.syncline.provider.request.JsonBody;
import io.syncline.provider.request.Owners;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** Writes people, tweets, follows and likes over HTTP; they are read as datasets. */
@RestController
@RequestMapping("/social")
class SocialController {

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,35}");
    private static final int LONG_TEXT = 1000;

    private final Social social;
    private final SocialRows rows;
    private final Owners owners;
    private final JsonMapper json;

    SocialController(Social social, SocialRows rows, Owners owners, JsonMapper json) {
        this.social = social;
        this.rows = rows;
        this.owners = owners;
        this.json = json;
    }

    @PutMapping("/users/{userId}")
    ResponseEntity<byte[]> putUser(@PathVariable String userId, Caller caller, HttpServletRequest request)
            throws IOException {
        var body = body(SocialTable.USERS, caller, request, 1, userId);
        var row = new @Nullable String[] {
            userId,
            body.requiredText("username", 64),
            body.text("name", 128),
            body.text("description", LONG_TEXT),
            body.text("location", 255),
            body.text("webPageUrl", LONG_TEXT),
            day(body, "joinedDate"),
            body.text("profileImageUrl", LONG_TEXT),
            body.text("backgroundImageUrl", LONG_TEXT)
        };
        body.refuseErrors();
        return answer(SocialTable.USERS, social.putUser(row));
    }

    @DeleteMapping("/users/{userId}")
    ResponseEntity<Void> deleteUser(@PathVariable String userId, Caller caller) {
        check(SocialTable.USERS, caller, userId);
        return gone(social.deleteUser(userId));
    }

    @PutMapping("/tweets/{tweetId}")
    ResponseEntity<byte[]> putTweet(@PathVariable String tweetId, Caller caller, HttpServletRequest request)
            throws IOException {
        var body = body(SocialTable.TWEETS, caller, request, 1, tweetId);
        var row = new @Nullable String[] {
            tweetId,
            body.requiredText("authorId", 36),
            body.requiredText("text", 4000),
            body.text("url", LONG_TEXT),
            instant(body, "createdAt")
        };
        body.refuseErrors();
        return answer(SocialTable.TWEETS, social.putTweet(row));
    }

    @DeleteMapping("/tweets/{tweetId}")
    ResponseEntity<Void> deleteTweet(@PathVariable String tweetId, Caller caller) {
        check(SocialTable.TWEETS, caller, tweetId);
        return gone(social.deleteTweet(tweetId));
    }

    @PutMapping("/follows/{followerId}/{followedId}")
    ResponseEntity<byte[]> follow(
            @PathVariable String followerId, @PathVariable String followedId, Caller caller, HttpServletRequest request)
            throws IOException {
        var body = body(SocialTable.FOLLOWS, caller, request, 2, followerId, followedId);
        var since = instant(body, "followedAt");
        body.refuseErrors();
        if (followerId.equals(followedId)) {
            throw ProblemException.invalid("Nobody follows himself");
        }
        return answer(SocialTable.FOLLOWS, social.follow(followerId, followedId, since));
    }

    @DeleteMapping("/follows/{followerId}/{followedId}")
    ResponseEntity<Void> unfollow(@PathVariable String followerId, @PathVariable String followedId, Caller caller) {
        check(SocialTable.FOLLOWS, caller, followerId, followedId);
        return gone(social.delete(SocialTable.FOLLOWS, followerId, followedId));
    }

    @PutMapping("/likes/{tweetId}/{userId}")
    ResponseEntity<byte[]> like(
            @PathVariable String tweetId, @PathVariable String userId, Caller caller, HttpServletRequest request)
            throws IOException {
        var body = body(SocialTable.LIKES, caller, request, 3, tweetId, userId);
        var since = instant(body, "likedAt");
        body.refuseErrors();
        return answer(SocialTable.LIKES, social.like(tweetId, userId, since));
    }

    @DeleteMapping("/likes/{tweetId}/{userId}")
    ResponseEntity<Void> unlike(@PathVariable String tweetId, @PathVariable String userId, Caller caller) {
        check(SocialTable.LIKES, caller, tweetId, userId);
        return gone(social.delete(SocialTable.LIKES, tweetId, userId));
    }

    /** @param fromPath so many of the table's columns are not in the body */
    private JsonBody body(SocialTable table, Caller caller, HttpServletRequest request, int fromPath, String... ids)
            throws IOException {
        check(table, caller, ids);
        Set<String> members = new LinkedHashSet<>(
                table.columns().subList(fromPath, table.columns().size()));
        return JsonBody.read(request, json, members);
    }

    private void check(SocialTable table, Caller caller, String... ids) {
        owners.refuseOthers(caller);
        rows.dataset(table);
        for (var id : ids) {
            if (!ID.matcher(id).matches()) {
                throw ProblemException.of(400, "invalid-parameter", "A parameter is not of its type")
                        .error("parameter", "id", "is 1 to 36 letters, digits, dots, hyphens and underscores", "type");
            }
        }
    }

    private ResponseEntity<byte[]> answer(SocialTable table, Social.Written written) {
        var text = new StringWriter();
        try (var generator = json.createGenerator(text)) {
            RowJson.write(generator, rows.dataset(table).columns(), written.row());
        }
        return ResponseEntity.status(written.created() ? 201 : 200)
                .contentType(MediaType.APPLICATION_JSON)
                .body(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static ResponseEntity<Void> gone(boolean wasThere) {
        if (!wasThere) {
            throw ProblemException.of(404, "no-such-row", "There is no row with this id")
                    .detail("It never was, or was deleted already");
        }
        return ResponseEntity.noContent().build();
    }

    private static @Nullable String day(JsonBody body, String name) {
        var text = body.text(name, 10);
        try {
            return text == null ? null : LocalDate.parse(text).toString();
        } catch (DateTimeException wrong) {
            body.error(name, "a day such as 2026-11-20 is expected", "type");
            return null;
        }
    }

    private static @Nullable String instant(JsonBody body, String name) {
        var text = body.text(name, 40);
        try {
            // As precise as the database keeps it, so that the row is read back as it was written.
            return text == null
                    ? null
                    : Instant.parse(text).truncatedTo(ChronoUnit.MICROS).toString();
        } catch (DateTimeException wrong) {
            body.error(name, "an instant such as 2026-11-20T04:00:00Z is expected", "type");
            return null;
        }
    }
}
