package io.syncline.scheduler.ops;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.syncline.scheduler.catalog.ConfigPlan;
import io.syncline.scheduler.catalog.FieldChange;
import io.syncline.scheduler.catalog.PlannedChange;
import io.syncline.scheduler.catalog.PlannedChange.Action;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What documents change, or have changed.
 *
 * @param planHash to be sent with the apply that is to do exactly this
 * @param applied false for a plan
 * @param items by kind and key
 */
record ConfigPlanView(String planHash, boolean applied, Summary summary, List<Item> items) {

    record Summary(long create, long update, long delete, long unchanged) {}

    /**
     * What becomes of one object.
     *
     * @param document the place of its document among those that were sent, from 0; null for one that is deleted
     * @param version that stands; null: there is none
     * @param newVersion null unless it was written
     */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Item(
            String kind,
            String key,
            Action action,
            @Nullable Integer document,
            @Nullable Integer version,
            @Nullable Integer newVersion,
            List<FieldChange> changes,
            List<String> warnings) {}

    static ConfigPlanView of(ConfigPlan plan, boolean applied) {
        return new ConfigPlanView(
                plan.planHash(),
                applied,
                new Summary(
                        plan.count(Action.CREATE),
                        plan.count(Action.UPDATE),
                        plan.count(Action.DELETE),
                        plan.count(Action.UNCHANGED)),
                plan.changes().stream().map(change -> item(change, applied)).toList());
    }

    private static Item item(PlannedChange change, boolean applied) {
        return new Item(
                change.kind(),
                change.key(),
                change.action(),
                change.place(),
                change.version(),
                applied ? change.newVersion() : null,
                change.fields(),
                change.warnings());
    }
}
