package io.syncline.systemtests.demo;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the person sees: on a terminal a block that is drawn again in place, elsewhere a line for each change. */
final class Screen {

    private static final int BAR = 24;

    private final PrintStream out;
    private final boolean terminal;
    private int linesDrawn;
    private List<String> lastPlain = List.of();

    Screen(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    void line(String text) {
        linesDrawn = 0;
        out.println(text);
    }

    /** Shows the bars; {@code plain} is what a log would want to keep: only its new lines are printed. */
    void bars(List<Bar> bars) {
        if (terminal) {
            if (linesDrawn > 0) {
                out.print("\u001b[" + linesDrawn + "A");
            }
            bars.forEach(bar -> out.println("\u001b[2K  " + bar.drawn()));
            out.flush();
            linesDrawn = bars.size();
            return;
        }
        var plain = new ArrayList<String>();
        bars.forEach(bar -> plain.add("  %-22s %s".formatted(bar.name(), bar.state())));
        plain.stream().filter(text -> !lastPlain.contains(text)).forEach(out::println);
        lastPlain = plain;
    }

    void endBars() {
        linesDrawn = 0;
        lastPlain = List.of();
    }

    record Bar(String name, String state, long done, long total, String unit) {

        String drawn() {
            var filled = total <= 0 ? 0 : (int) (Math.min(done, total) * BAR / total);
            var text = total <= 0 ? "" : "%d of %d %s".formatted(done, total, unit);
            return "%-22s [%s%s] %-10s %s"
                    .formatted(
                            name, "#".repeat(filled), ".".repeat(BAR - filled), state.toLowerCase(Locale.ROOT), text);
        }
    }
}
