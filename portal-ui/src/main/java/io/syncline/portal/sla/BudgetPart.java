package io.syncline.portal.sla;

import io.syncline.portal.page.Numbers;
import io.syncline.portal.page.StateMark;
import io.syncline.portal.sla.SlaAnswer.Budget;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The error budget of 30 days: how many runs may be late or failed, and how many of those have been.
 *
 * @param objective percent, as in an address
 * @param used part of what is allowed, in words; null where nothing is
 * @param width of the bar that shows the same, of 100
 */
record BudgetPart(
        String objective,
        StateMark mark,
        String judged,
        String missed,
        String allowed,
        @Nullable String used,
        int width,
        String summary) {

    static final List<String> OBJECTIVES = List.of("95", "99", "99.5", "99.9");
    private static final double NEARLY = 0.8;

    /** As in an address; what is none is the platform's usual one. */
    static String objective(@Nullable String text) {
        return text != null && OBJECTIVES.contains(text) ? text : "99";
    }

    static BudgetPart of(Budget budget) {
        var objective = number(budget.objective());
        var share = budget.allowed() == 0 ? null : budget.missed() / budget.allowed();
        var judged = budget.judged().value();
        return new BudgetPart(
                objective,
                mark(budget, share),
                (budget.judged().isAll() ? "" : "newest ") + Numbers.grouped(judged),
                Numbers.grouped((long) budget.missed()),
                number(budget.allowed()),
                share == null ? null : Math.round(share * 100) + " %",
                share == null ? 0 : (int) Math.min(100, Math.round(share * 100)),
                judged == 0
                        ? "No run has completed or failed in these 30 days."
                        : "%s may be late or failed for %s %% on time; %s %s."
                                .formatted(
                                        number(budget.allowed()) + " of " + Numbers.counted(judged, "run", "runs"),
                                        objective,
                                        Numbers.grouped((long) budget.missed()),
                                        budget.missed() == 1 ? "was" : "were"));
    }

    private static StateMark mark(Budget budget, @Nullable Double share) {
        if (budget.judged().value() == 0 || share == null) {
            return new StateMark("ring", "NOTHING TO JUDGE", "neutral");
        }
        if (budget.missed() > budget.allowed()) {
            return new StateMark("octagon", "USED UP", "failed");
        }
        return share >= NEARLY
                ? new StateMark("triangle", "NEARLY USED UP", "attention")
                : new StateMark("tick", "WITHIN", "success");
    }

    /** With two decimals at most. */
    private static String number(double value) {
        var text = String.format(Locale.ROOT, "%.2f", value);
        return text.endsWith(".00") ? text.substring(0, text.length() - 3) : text.replaceFirst("0$", "");
    }
}
