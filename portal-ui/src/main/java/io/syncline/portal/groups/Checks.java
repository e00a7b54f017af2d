package io.syncline.portal.groups;

import io.syncline.portal.groups.Groups.FireTimes;
import io.syncline.portal.groups.Groups.Plan;
import io.syncline.portal.platform.PlatformException;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Asks the platform what it makes of a document that nobody has saved. */
@Component
class Checks {

    private static final int FIRES_SHOWN = 5;

    private final Groups groups;

    Checks(Groups groups) {
        this.groups = groups;
    }

    Checked of(Editing editing) {
        var document = editing.document();
        var faults = editing.faults();
        Plan.Item item = null;
        try {
            var items = groups.plan(editing.yaml()).items();
            item = items.isEmpty() ? null : items.get(0);
            faults = faults.and(ofKey(editing, document, item));
        } catch (PlatformException refusal) {
            if (!refusal.isAboutForm()) {
                throw refusal;
            }
            faults = faults.and(Faults.ofPlan(refusal));
        }
        if (document == null && faults.isEmpty()) {
            faults = Faults.at("", "The text is not one YAML document.");
        }
        return new Checked(editing, document, faults, item, fires(document, faults));
    }

    /** What saving would refuse and a plan does not, since a plan may change any group. */
    private static Faults ofKey(Editing editing, @Nullable ObjectNode document, Plan.@Nullable Item item) {
        if (document == null) {
            return Faults.NONE;
        }
        if (!"TaskGroup".equals(Words.text(document, "/kind"))) {
            return Faults.at("/kind", "must be TaskGroup here");
        }
        var key = Words.text(document, "/key");
        if (editing.key() != null) {
            return editing.key().equals(key)
                    ? Faults.NONE
                    : Faults.at("/key", "must stay '" + editing.key() + "'; to rename a group, duplicate it");
        }
        return editing.version() == null && item != null && !"CREATE".equals(item.action())
                ? Faults.at("/key", "there is a group '" + key + "' already")
                : Faults.NONE;
    }

    private @Nullable FireTimes fires(@Nullable ObjectNode document, Faults faults) {
        JsonNode schedule = document == null ? null : document.get("schedule");
        var isWrong = faults.all().stream().anyMatch(fault -> fault.pointer().startsWith("/schedule"));
        if (schedule == null || !schedule.isObject() || isWrong) {
            return null;
        }
        try {
            return groups.fireTimes(schedule, FIRES_SHOWN);
        } catch (PlatformException withoutPreview) {
            return null;
        }
    }
}
