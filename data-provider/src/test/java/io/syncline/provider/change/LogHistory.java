package io.syncline.provider.change;

import io.syncline.contracts.ChangeEvent.Operation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Judges a change log by what its writers know of their own transactions. */
final class LogHistory {

    private static final JsonMapper JSON = JsonMapper.shared();

    /**
     * A transaction as its writer saw it.
     *
     * @param begun no later than its begin, on a clock that all writers share
     * @param ended no earlier than its commit, on the same clock
     * @param marks the changes that it made, as {@link #mark} tells them apart
     */
    record Committed(long begun, long ended, Set<String> marks) {}

    private LogHistory() {}

    /** A row that was made or changed by the mark that it got then, one that was deleted by its last. */
    static String mark(LoggedChange change) {
        return change.after() != null ? "+" + markOf(change.after()) : "-" + markOf(change.before());
    }

    private static long markOf(@Nullable String row) {
        return JSON.readTree(row).get("mark").longValue();
    }

    /** What is wrong with the log, in sentences; empty when nothing is. */
    static List<String> faults(List<LoggedChange> log, List<Committed> committed) {
        var faults = new ArrayList<String>();
        for (int i = 0; i < log.size(); i++) {
            if (log.get(i).seq() != i + 1) {
                faults.add("number " + (i + 1) + " is missing, there is "
                        + log.get(i).seq());
                break;
            }
        }
        if (log.stream().map(LoggedChange::id).distinct().count() != log.size()) {
            faults.add("an id is there twice");
        }
        content(log, committed, faults);
        order(log, committed, faults);
        chains(log, faults);
        return faults;
    }

    private static void content(List<LoggedChange> log, List<Committed> committed, List<String> faults) {
        var missing = new HashSet<String>();
        committed.forEach(one -> missing.addAll(one.marks()));
        for (var change : log) {
            if (!missing.remove(mark(change))) {
                faults.add("change " + change.seq() + " was never committed, or is there twice");
            }
        }
        missing.forEach(mark -> faults.add(mark + " was committed and is not there"));
    }

    /** A transaction that began after another one's commit has the higher numbers. */
    private static void order(List<LoggedChange> log, List<Committed> committed, List<String> faults) {
        var numbers = new HashMap<String, Long>();
        log.forEach(change -> numbers.put(mark(change), change.seq()));
        for (var first : committed) {
            long last = numbers(first, numbers).max().orElse(0);
            for (var second : committed) {
                if (first.ended() <= second.begun()
                        && numbers(second, numbers).min().orElse(Long.MAX_VALUE) < last) {
                    faults.add(second.marks() + " began after " + first.marks() + " and has a lower number");
                }
            }
        }
    }

    private static java.util.stream.LongStream numbers(Committed one, HashMap<String, Long> numbers) {
        return one.marks().stream().map(numbers::get).filter(Objects::nonNull).mapToLong(Long::longValue);
    }

    /** Pairs of transactions of which one came before the other: what the order was tried by. */
    static long pairsInOrder(List<Committed> committed) {
        return committed.stream()
                .mapToLong(first -> committed.stream()
                        .filter(second -> first.ended() <= second.begun())
                        .count())
                .sum();
    }

    /** What a change found is what the change before it left, for each key. */
    private static void chains(List<LoggedChange> log, List<String> faults) {
        var rows = new HashMap<String, @Nullable String>();
        for (var change : log) {
            if (!Objects.equals(change.before(), rows.put(change.key(), change.after()))) {
                faults.add("change " + change.seq() + " of " + change.key() + " did not find what was left there");
            }
            var operation = change.before() == null
                    ? Operation.CREATED
                    : change.after() == null ? Operation.DELETED : Operation.UPDATED;
            if (change.operation() != operation) {
                faults.add("change " + change.seq() + " is no " + change.operation());
            }
        }
    }
}
