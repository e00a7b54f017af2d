package io.syncline.scheduler.catalog;

import io.syncline.scheduler.security.Labels;
import io.syncline.scheduler.security.SecondApprover;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/** Calendars in plans and exports. */
@Component
class CalendarKind implements DocumentKind {

    private final CalendarCatalog catalog;
    private final JdbcCalendars calendars;

    CalendarKind(CalendarCatalog catalog, JdbcCalendars calendars) {
        this.catalog = catalog;
        this.calendars = calendars;
    }

    @Override
    public String kind() {
        return CalendarDocument.KIND;
    }

    @Override
    public int rank() {
        return 10;
    }

    /** A calendar shifts the schedules of groups. */
    @Override
    public SecondApprover.Kind approval() {
        return SecondApprover.Kind.GROUPS;
    }

    @Override
    public Map<String, Set<String>> references(ObjectNode document) {
        return Map.of();
    }

    @Override
    public void lock(String key) {
        calendars.lock(key);
    }

    @Override
    public Optional<StoredVersion> current(String key, Labels labels) {
        return calendars
                .stored(key)
                .filter(calendar ->
                        WithinReach.readable(labels, catalog.read(calendar).labels()));
    }

    @Override
    public List<StoredVersion> after(String key, int count, Labels labels) {
        return calendars.after(key, count, labels);
    }

    @Override
    public StoredVersion put(String key, ObjectNode document, @Nullable Integer current, Editor editor) {
        return catalog.put(key, document, Precondition.ofVersion(current), editor)
                .view();
    }

    @Override
    public void delete(String key, int current, Editor editor) {
        catalog.delete(key, Precondition.ofVersion(current), editor);
    }
}
