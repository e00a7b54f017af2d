package io.syncline.portal.systems;

import io.syncline.portal.page.Moment;
import io.syncline.portal.page.Moments;
import io.syncline.portal.page.StateMark;
import io.syncline.portal.systems.SystemItem.InstanceState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A system as a row of the list. */
record SystemRow(
        String key,
        @Nullable String description,
        String owner,
        List<String> labels,
        List<String> instances,
        String auth,
        StateMark health,
        List<String> groups,
        boolean moreGroups,
        @Nullable Moment changed,
        String changedBy) {

    static SystemRow of(SystemItem item, Moments moments) {
        var instances = orNone(item.instances());
        return new SystemRow(
                item.key(),
                item.description(),
                orDash(item.owner()),
                orNone(item.labels()),
                instances,
                orDash(item.auth()),
                health(instances, item.instanceStates()),
                orNone(item.groups()),
                Boolean.TRUE.equals(item.moreGroups()),
                moments.orNull(item.changedAt()),
                orDash(item.changedBy()));
    }

    /** Of all instances together, as the node that answered has seen them. */
    static StateMark health(List<String> instances, @Nullable List<InstanceState> states) {
        if (instances.isEmpty()) {
            return new StateMark("ring", "only sends", "neutral");
        }
        if (states == null || states.isEmpty()) {
            return new StateMark("ring", "not called yet", "neutral");
        }
        var standing =
                states.stream().filter(state -> state.state().equals("CLOSED")).count();
        if (standing == states.size()) {
            return new StateMark("tick", "answers", "success");
        }
        return standing == 0
                ? new StateMark("octagon", "shut off", "failed")
                : new StateMark("triangle", "%d of %d answer".formatted(standing, states.size()), "attention");
    }

    static StateMark instance(@Nullable String state) {
        return switch (state == null ? "" : state) {
            case "CLOSED" -> new StateMark("tick", "answers", "success");
            case "LEFT_OUT" -> new StateMark("triangle", "left out for a while", "attention");
            case "OPEN" -> new StateMark("octagon", "shut off, trial calls only", "failed");
            default -> new StateMark("ring", "not called yet", "neutral");
        };
    }

    static List<String> orNone(@Nullable List<String> texts) {
        return texts == null ? List.of() : texts;
    }

    static String orDash(@Nullable String text) {
        return text == null || text.isEmpty() ? "-" : text;
    }
}
