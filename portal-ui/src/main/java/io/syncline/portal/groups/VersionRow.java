package io.syncline.portal.groups;

import io.syncline.portal.page.Moment;
import io.syncline.portal.page.Moments;
import org.jspecify.annotations.Nullable;

/** A version of a group in a list. */
record VersionRow(
        int version,
        @Nullable Moment created,
        String by,
        @Nullable String reason) {

    static VersionRow of(Groups.Version version, Moments moments) {
        return new VersionRow(
                version.version(),
                moments.orNull(version.createdAt()),
                version.createdBy() == null ? "-" : version.createdBy(),
                version.reason());
    }
}
