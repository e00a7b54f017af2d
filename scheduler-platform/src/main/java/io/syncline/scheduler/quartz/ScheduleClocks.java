package io.syncline.scheduler.quartz;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How far schedules have come, and the missed fire times that they still make up for. Joins the caller's transaction. */
interface ScheduleClocks {

    /** By group. */
    Map<String, ScheduleClock> all();

    /** Keeps the clock from being moved by others until the end of the transaction. */
    Optional<ScheduleClock> lock(String group);

    void insert(ScheduleClock clock);

    void update(ScheduleClock clock);

    /** Removes it with all that it still had to make up for. */
    void remove(String group);

    void addMissed(String group, Collection<Instant> times, Instant dueAt);

    boolean hasMissed(String group);

    boolean anyMissed();

    /** Whether all schedules are paused: none fires, and nothing is made up for. */
    boolean arePaused();

    /** All of a group's, oldest first. */
    List<Instant> missed(String group);

    /** Gives up those of a group that are older. */
    void removeMissed(String group, Instant before);

    /** Those that are due, oldest first; one whose group has an older one that is not due yet waits for it. */
    List<MissedStart> missed(Instant now, int limit);

    /** Takes it away from all others; false when somebody else has dealt with it. */
    boolean take(MissedStart missed);

    /** Lets all of a group's wait, so that none overtakes another. */
    void postponeMissed(String group, Instant dueAt);

    /** True once in each interval, whoever asks. */
    boolean mayGo(Instant now, Duration interval);

    /** A fire time that nobody could fire when it came. */
    record MissedStart(String group, Instant fireAt) {}
}
