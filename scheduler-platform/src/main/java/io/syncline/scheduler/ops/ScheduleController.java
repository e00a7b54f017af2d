package io.syncline.scheduler.ops;

import io.syncline.scheduler.catalog.TaskGroupCatalog;
import io.syncline.scheduler.security.Caller;
import io.syncline.scheduler.security.ProblemException;
import io.syncline.scheduler.security.RequiresScope;
import io.syncline.scheduler.security.Scope;
import io.syncline.scheduler.store.DatabaseClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

@RestController
class ScheduleController {

    private static final int HOURS = 24;
    private static final int MOST_HOURS = 168;
    private static final int MOST_PAUSED = 200;

    private final ScheduleOutlook outlook;
    private final TaskGroupCatalog groups;
    private final SchedulingPauses pauses;
    private final DatabaseClock clock;
    private final JsonMapper json;

    ScheduleController(
            ScheduleOutlook outlook,
            TaskGroupCatalog groups,
            SchedulingPauses pauses,
            DatabaseClock clock,
            JsonMapper json) {
        this.outlook = outlook;
        this.groups = groups;
        this.pauses = pauses;
        this.clock = clock;
        this.json = json;
    }

    /** What schedules start within the next hours, what is made up for, and which groups start nothing. */
    @GetMapping("/api/v1/schedule")
    @RequiresScope(Scope.RUNS_READ)
    ScheduleView schedule(Caller caller, @RequestParam(required = false) @Nullable String hours) {
        var now = clock.now();
        var until = now.plus(Duration.ofHours(hours(hours)));
        var ahead = outlook.between(now, until, caller.labels());
        var paused = groups.paused(MOST_PAUSED + 1, caller.labels());
        return new ScheduleView(
                now,
                until,
                ahead.groups(),
                ahead.groupsAreAll(),
                ahead.missed(),
                ahead.missedAreAll(),
                paused.entrySet().stream()
                        .limit(MOST_PAUSED)
                        .map(entry -> new PausedGroup(
                                entry.getKey(),
                                entry.getValue().since(),
                                entry.getValue().by(),
                                entry.getValue().reason()))
                        .toList(),
                paused.size() <= MOST_PAUSED,
                pauses.find().orElse(null));
    }

    /** No schedule fires from now on; messages and people go on to start runs. */
    @PostMapping(path = "/api/v1/schedule/pause", consumes = MediaType.APPLICATION_JSON_VALUE)
    @RequiresScope(value = Scope.CONFIG_WRITE, everyLabel = true)
    @KeepsFirstAnswer
    SchedulingPauses.Answer pause(
            Caller caller,
            @RequestParam(required = false) @Nullable String dryRun,
            @RequestBody(required = false) byte @Nullable [] body) {
        var onlyAsked = QueryFlags.read("dryRun", dryRun);
        return pauses.pause(reason(body), onlyAsked, caller);
    }

    /** Schedules fire again; what came meanwhile was missed, and each schedule says what becomes of that. */
    @PostMapping(path = "/api/v1/schedule/resume", consumes = MediaType.APPLICATION_JSON_VALUE)
    @RequiresScope(value = Scope.CONFIG_WRITE, everyLabel = true)
    @KeepsFirstAnswer
    SchedulingPauses.Answer resume(
            Caller caller,
            @RequestParam(required = false) @Nullable String dryRun,
            @RequestBody(required = false) byte @Nullable [] body) {
        var onlyAsked = QueryFlags.read("dryRun", dryRun);
        return pauses.resume(reason(body), onlyAsked, caller);
    }

    private String reason(byte @Nullable [] body) {
        var sent = ActionBody.read(body, json);
        sent.knows("reason");
        var reason = sent.reason();
        sent.valid();
        return reason;
    }

    /** @throws ProblemException 400 */
    private static int hours(@Nullable String text) {
        if (text == null) {
            return HOURS;
        }
        try {
            int hours = Integer.parseInt(text);
            if (hours >= 1 && hours <= MOST_HOURS) {
                return hours;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw ProblemException.of(400, "invalid-parameter", "A query parameter is not valid")
                .detail("Correct the query parameter 'hours'.")
                .parameterError("hours", "is a number from 1 to " + MOST_HOURS, "invalid-value");
    }

    /** @param allPaused since when no schedule fires; null: they do */
    record ScheduleView(
            Instant now,
            Instant until,
            List<ScheduleOutlook.Scheduled> groups,
            boolean groupsAreAll,
            List<ScheduleOutlook.Missed> missed,
            boolean missedAreAll,
            List<PausedGroup> paused,
            boolean pausedAreAll,
            @Nullable PauseView allPaused) {}

    record PausedGroup(String group, Instant since, String by, String reason) {}
}
