package io.syncline.portal.search;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.syncline.portal.platform.ApiCall;
import io.syncline.portal.platform.Platform;
import io.syncline.portal.platform.PlatformException;
import io.syncline.portal.platform.PlatformException.Kind;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.web.util.UriComponentsBuilder;

/** Asks the platform, by each way that what was typed could be meant, whether there is such a thing within reach. */
@Component
class Finder {

    private static final Pattern ID = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
    private static final Pattern KEY = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    /** The inbox has no index on a message's own id alone. */
    private static final Duration MESSAGES_OF = Duration.ofHours(24);

    private static final String READ = "runs:read";
    private static final String READ_CONFIG = "config:read";
    private static final int FEW = 8;
    /** The platform's list of systems takes no text. */
    private static final int MOST_SYSTEMS = 200;

    private final Platform platform;
    private final Clock clock;

    Finder(Platform platform, Clock clock) {
        this.platform = platform;
        this.clock = clock;
    }

    List<Hit> find(String text) {
        var hits = new ArrayList<Hit>();
        if (ID.matcher(text).matches()) {
            var id = text.toLowerCase(Locale.ROOT);
            there("/api/v1/runs/{id}", id).ifPresent(run -> hits.add(new Hit("Run", id, path("/runs/{id}", id))));
            there("/api/v1/task-runs/{id}", id)
                    .map(Thing::runId)
                    .ifPresent(run -> hits.add(new Hit("Run of the task run", run, path("/runs/{id}", run))));
            there("/api/v1/triggers/{id}", id)
                    .ifPresent(trigger -> hits.add(new Hit("Trigger message", id, path("/triggers/{id}", id))));
            there("/api/v1/alerts/{id}", id)
                    .ifPresent(alert -> hits.add(new Hit("Alert", id, path("/alerts/{id}", id))));
        }
        if (KEY.matcher(text).matches()) {
            there("/api/v1/groups/{key}", text)
                    .ifPresent(group -> hits.add(new Hit("Task group", text, path("/groups/{key}", text))));
            there("/api/v1/systems/{key}", text)
                    .ifPresent(system -> hits.add(new Hit("System", text, path("/systems/{key}", text))));
        }
        runsOf(text).ifPresent(hits::add);
        messages(text).ifPresent(hits::add);
        return List.copyOf(hits);
    }

    /** Groups and systems with this text in their names, a few of each. */
    List<Hit> named(String text) {
        var hits = new ArrayList<Hit>();
        asked(
                        ApiCall.get("/api/v1/groups")
                                .query("text", text)
                                .query("limit", FEW)
                                .needs(READ_CONFIG),
                        Named.class)
                .ifPresent(groups -> groups.items()
                        .forEach(group ->
                                hits.add(new Hit("Task group", group.key(), path("/groups/{key}", group.key())))));
        asked(ApiCall.get("/api/v1/systems").query("limit", MOST_SYSTEMS).needs(READ_CONFIG), Named.class)
                .ifPresent(systems -> systems.items().stream()
                        .filter(system -> system.key().contains(text.toLowerCase(Locale.ROOT)))
                        .limit(FEW)
                        .forEach(system ->
                                hits.add(new Hit("System", system.key(), path("/systems/{key}", system.key())))));
        return List.copyOf(hits);
    }

    private Optional<Hit> runsOf(String businessKey) {
        var found = asked(
                ApiCall.get("/api/v1/runs")
                        .query("businessKey", businessKey)
                        .query("limit", 2)
                        .needs(READ),
                Things.class);
        return found.map(Things::items).filter(runs -> !runs.isEmpty()).map(runs -> {
            var only = runs.size() == 1 ? runs.get(0).runId() : null;
            return only == null
                    ? new Hit("Runs with the business key", businessKey, query("/runs", "businessKey", businessKey))
                    : new Hit("Run with the business key", businessKey, path("/runs/{id}", only));
        });
    }

    private Optional<Hit> messages(String messageId) {
        var found = asked(
                ApiCall.get("/api/v1/triggers")
                        .query("id", messageId)
                        .query("from", clock.instant().minus(MESSAGES_OF))
                        .query("limit", 2)
                        .needs(READ),
                Things.class);
        return found.map(Things::items).filter(messages -> !messages.isEmpty()).map(messages -> {
            var only = messages.size() == 1 ? messages.get(0).triggerId() : null;
            return only == null
                    ? new Hit("Trigger messages with the id", messageId, query("/triggers", "id", messageId))
                    : new Hit("Trigger message with the id", messageId, path("/triggers/{id}", only));
        });
    }

    private Optional<Thing> there(String path, String variable) {
        return asked(ApiCall.get(path, variable), Thing.class);
    }

    /** Empty for what is not there, not within reach, or not meant so. */
    private <T> Optional<T> asked(ApiCall call, Class<T> type) {
        try {
            return Optional.of(platform.ask(call, type));
        } catch (PlatformException trouble) {
            if (trouble.kind() == Kind.UNKNOWN
                    || trouble.kind() == Kind.FORBIDDEN
                    || trouble.kind() == Kind.REFUSED_QUESTION) {
                return Optional.empty();
            }
            throw trouble;
        }
    }

    private static String path(String path, String variable) {
        return UriComponentsBuilder.fromPath(path)
                .encode()
                .buildAndExpand(variable)
                .toUriString();
    }

    static String query(String path, String name, String value) {
        return UriComponentsBuilder.fromPath(path)
                .queryParam(name, "{value}")
                .encode()
                .buildAndExpand(value)
                .toUriString();
    }

    @JsonIgnoreProperties(ignoreUnknown = true)
    private record Thing(@Nullable String runId, @Nullable String triggerId) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    private record Named(List<Key> items) {

        @JsonIgnoreProperties(ignoreUnknown = true)
        private record Key(String key) {}
    }

    @JsonIgnoreProperties(ignoreUnknown = true)
    private record Things(List<Thing> items) {}
}
