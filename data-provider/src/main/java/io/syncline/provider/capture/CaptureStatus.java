package io.syncline.provider.capture;

import io.syncline.provider.dataset.Dataset;
import io.syncline.provider.dataset.Datasets;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** How the capture of the database's log stands. */
@Component
public class CaptureStatus {

    private final Capture capture;
    private final Datasets datasets;

    CaptureStatus(Capture capture, Datasets datasets) {
        this.capture = capture;
        this.datasets = datasets;
    }

    /**
     * As the database and this instance see it.
     *
     * @param slot as PostgreSQL names its state: {@code reserved}, {@code extended}, {@code unreserved} or {@code lost};
     *     {@code missing} when there is none
     * @param isFollowed whether an instance reads it now
     * @param lagBytes of log that the database keeps because they were not recorded yet
     * @param mostLagBytes above it the health is DOWN
     * @param isFailing whether this instance tried and cannot; its log says why
     */
    public record Captured(
            List<String> datasets,
            String slot,
            boolean isFollowed,
            long lagBytes,
            long mostLagBytes,
            boolean isFailing) {}

    /** Empty when nothing is captured. */
    public Optional<Captured> captured() {
        if (!capture.isOn()) {
            return Optional.empty();
        }
        var slot = capture.slotState().orElse(new PostgresSlot.State(false, "missing", 0));
        return Optional.of(new Captured(
                datasets.all().stream()
                        .filter(Dataset::captured)
                        .map(Dataset::name)
                        .toList(),
                slot.status(),
                slot.active(),
                slot.lag(),
                capture.maxLag(),
                capture.failure().isPresent()));
    }
}
