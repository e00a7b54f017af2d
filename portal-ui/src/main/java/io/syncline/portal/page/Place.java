package io.syncline.portal.page;

import java.util.Arrays;
import java.util.List;

/** Where a page belongs in the rail, in the order of the rail. */
public enum Place {
    OVERVIEW("Overview", "/", "gauge"),
    RUNS("Runs", "/runs", "play"),
    TRIGGERS("Triggers", "/triggers", "inbox"),
    GROUPS("Groups", "/groups", "stack"),
    DATA("Data", "/data", "table"),
    DELIVERY("Delivery", "/delivery", "plane"),
    SYSTEMS("Systems", "/systems", "plug"),
    ALERTS("Alerts", "/alerts", "bell"),
    SCHEDULE("Schedule & cluster", "/schedule", "clock"),
    SLA("SLA", "/sla", "chart"),
    AUDIT("Audit", "/audit", "scroll"),
    SETTINGS("Settings", "/settings/users", "people");

    private final String title;
    private final String path;
    private final String icon;

    Place(String title, String path, String icon) {
        this.title = title;
        this.path = path;
        this.icon = icon;
    }

    public String title() {
        return title;
    }

    public String path() {
        return path;
    }

    /** Id of the symbol in the page's sprite. */
    public String icon() {
        return icon;
    }

    /** As templates name it. */
    public String id() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    static List<Place> all() {
        return Arrays.asList(values());
    }
}
