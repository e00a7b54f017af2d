package io.syncline.scheduler.catalog;

import io.syncline.scheduler.security.SecondApprover;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a plan does to one object.
 *
 * @param place of its document among those that were sent, from 0; null for one that is deleted
 * @param version that stands; null: there is none
 * @param newVersion null unless it is written
 * @param labelsBefore null: there was none
 * @param labelsAfter null: there is none any more
 * @param approval whose second approver the change takes; null: none
 * @param newlyManaged whether files manage it from then on and did not before
 */
public record PlannedChange(
        String kind,
        String key,
        Action action,
        @Nullable Integer place,
        @Nullable Integer version,
        @Nullable Integer newVersion,
        List<FieldChange> fields,
        List<String> warnings,
        @Nullable List<String> labelsBefore,
        @Nullable List<String> labelsAfter,
        SecondApprover.@Nullable Kind approval,
        boolean newlyManaged) {

    public enum Action {
        CREATE,
        UPDATE,
        DELETE,
        UNCHANGED
    }

    public PlannedChange {
        fields = List.copyOf(fields);
        warnings = List.copyOf(warnings);
    }
}
