package io.syncline.portal.alerts;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.syncline.portal.page.Moment;
import io.syncline.portal.page.Moments;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A channel as the platform answers it, without its secrets. */
record ChannelView(
        String key,
        String type,
        @Nullable String description,
        @Nullable List<String> labels,
        Status status) {

    /**
     * @param origin where it leads; null: the address itself is its secret, or was cleared
     * @param secretSetAt null: it needs none
     * @param secretClearedAt its secrets are gone because it leads elsewhere now
     */
    record Status(
            int version,
            @JsonProperty("createdAt") @Nullable Instant changedAt,
            @JsonProperty("createdBy") @Nullable String changedBy,
            @Nullable String origin,
            @Nullable Instant secretSetAt,
            @Nullable Instant secretClearedAt,
            @Nullable String managedBy,
            @Nullable String source) {}

    /** A page of them. */
    record Part(List<ChannelView> items, @Nullable String nextCursor) {}

    /** As the pages show it. */
    record Row(
            String key,
            String type,
            @Nullable String description,
            List<String> labels,
            @Nullable String origin,
            @Nullable Moment secretSet,
            @Nullable Moment secretCleared,
            int version,
            @Nullable Moment changed,
            @Nullable String changedBy,
            boolean managed,
            @Nullable String source) {}

    Row row(Moments moments) {
        return new Row(
                key,
                type,
                description,
                Objects.requireNonNullElse(labels, List.of()),
                status.origin(),
                moments.orNull(status.secretSetAt()),
                moments.orNull(status.secretClearedAt()),
                status.version(),
                moments.orNull(status.changedAt()),
                status.changedBy(),
                status.managedBy() != null,
                status.source());
    }
}
