package io.syncline.portal.schedule;

import io.syncline.portal.page.Moment;
import io.syncline.portal.page.Moments;
import io.syncline.portal.page.Numbers;
import io.syncline.portal.platform.ApiCall;
import io.syncline.portal.platform.CurrentPerson;
import io.syncline.portal.platform.Platform;
import java.util.List;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/** What fires next, what was missed, what is paused, and the nodes that do it. */
@Controller
class ScheduleController {

    private static final String READ = "runs:read";
    private static final int MOST_FIRES = 100;

    private final Platform platform;
    private final CurrentPerson people;

    ScheduleController(Platform platform, CurrentPerson people) {
        this.platform = platform;
        this.people = people;
    }

    @GetMapping("/schedule")
    String schedule(Moments moments, Model model) {
        var schedule =
                platform.ask(ApiCall.get("/api/v1/schedule").query("hours", 24).needs(READ), ScheduleView.class);
        var cluster = platform.ask(ApiCall.get("/api/v1/cluster").needs(READ), ClusterView.class);
        model.addAttribute("fires", FireRow.of(schedule, MOST_FIRES, moments));
        model.addAttribute("density", Density.of(schedule, moments));
        model.addAttribute(
                "busy",
                schedule.groups().stream()
                        .filter(group -> !group.firesAreAll())
                        .map(ScheduleView.Group::group)
                        .toList());
        model.addAttribute("groupsAreAll", schedule.groupsAreAll());
        model.addAttribute(
                "missed",
                schedule.missed().stream()
                        .map(missed -> new MissedRow(
                                missed.group(),
                                moments.of(missed.fireAt()),
                                moments.of(missed.dueAt()),
                                FireRow.policy(missed.policy())))
                        .toList());
        model.addAttribute("missedAreAll", schedule.missedAreAll());
        model.addAttribute(
                "paused",
                schedule.paused().stream()
                        .map(paused ->
                                new PausedRow(paused.group(), moments.of(paused.since()), paused.by(), paused.reason()))
                        .toList());
        model.addAttribute("pausedAreAll", schedule.pausedAreAll());
        var all = schedule.allPaused();
        model.addAttribute("allPaused", all);
        model.addAttribute("allPausedSince", all == null ? null : moments.of(all.since()));
        model.addAttribute(
                "mayPauseAll", SchedulingController.isAllowed(people.session().person()));
        model.addAttribute(
                "nodes",
                cluster.nodes().stream()
                        .map(node -> NodeRow.of(node, cluster.self(), moments))
                        .toList());
        model.addAttribute("queue", Queue.of(cluster.queueDepth()));
        return "schedule";
    }

    record MissedRow(String group, Moment fireAt, Moment dueAt, String policy) {}

    record PausedRow(String group, Moment since, String by, String reason) {}

    /** What waits, in words; exact up to the platform's bound. */
    record Queue(String due, String queuedRuns, List<SystemRow> systems) {

        static Queue of(ClusterView.QueueDepth depth) {
            return new Queue(
                    words(depth.due()),
                    words(depth.queuedRuns()),
                    depth.systems().stream()
                            .map(system -> new SystemRow(system.system(), Numbers.grouped(system.due())))
                            .toList());
        }

        private static String words(ClusterView.Bounded count) {
            return (count.relation().equals("gte") ? "more than " : "") + Numbers.grouped(count.value());
        }
    }

    record SystemRow(String system, String due) {}
}
