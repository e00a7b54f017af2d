package io.syncline.scheduler.ops;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A flag and since when it is up; it stays up after the end. SILENT goes down by itself with the next report. */
record FlagView(String flag, Instant since) {

    static List<FlagView> of(
            @Nullable Instant held, @Nullable Instant overdue, @Nullable Instant conflict, @Nullable Instant silent) {
        var flags = new ArrayList<FlagView>();
        add(flags, "HELD", held);
        add(flags, "OVERDUE", overdue);
        add(flags, "CONFLICT", conflict);
        add(flags, "SILENT", silent);
        return flags;
    }

    private static void add(List<FlagView> flags, String flag, @Nullable Instant since) {
        if (since != null) {
            flags.add(new FlagView(flag, since));
        }
    }
}
