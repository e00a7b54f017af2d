package io.syncline.systemtests.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.function.UnaryOperator;

/** Ways to make a sound history tell something that cannot have been. */
final class Lies {

    /** When histories begin. */
    static final long T = 1_000_000_000L * Event.SECOND;

    private Lies() {}

    @SafeVarargs
    static void violates(List<Event> sound, String invariant, UnaryOperator<List<Event>>... lies) {
        var events = sound;
        for (UnaryOperator<List<Event>> lie : lies) {
            events = new ArrayList<>(lie.apply(events));
        }
        assertThat(Checker.check(events).violations())
                .extracting(Violation::invariant)
                .contains(invariant);
    }

    /** The violation that is meant, where an invariant has several ways to be broken. */
    @SafeVarargs
    static void tells(List<Event> sound, String part, UnaryOperator<List<Event>>... lies) {
        var events = sound;
        for (UnaryOperator<List<Event>> lie : lies) {
            events = new ArrayList<>(lie.apply(events));
        }
        assertThat(Checker.check(events).violations())
                .extracting(Violation::what)
                .anyMatch(what -> what.contains(part));
    }

    static UnaryOperator<List<Event>> without(String kind, String name, String content) {
        return events -> events.stream()
                .filter(event -> !(event.kind().equals(kind) && event.is(name, content)))
                .toList();
    }

    static UnaryOperator<List<Event>> with(int second, String kind, Object... fields) {
        return events -> {
            var more = new ArrayList<>(events);
            event(more, second, kind, fields);
            return more;
        };
    }

    /** Pairs of a name and a content that choose, and the last pair that changes; the name at changes the time. */
    static UnaryOperator<List<Event>> changed(String kind, Object... pairs) {
        return events -> events.stream()
                .map(event -> event.kind().equals(kind) && chosen(event, pairs) ? changed(event, pairs) : event)
                .toList();
    }

    private static boolean chosen(Event event, Object... pairs) {
        for (int i = 0; i + 3 < pairs.length; i += 2) {
            if (!event.is((String) pairs[i], (String) pairs[i + 1])) {
                return false;
            }
        }
        return true;
    }

    private static Event changed(Event event, Object... pairs) {
        var name = (String) pairs[pairs.length - 2];
        var content = pairs[pairs.length - 1];
        if (name.equals("at")) {
            return new Event(event.process(), (Long) content, event.kind(), event.fields());
        }
        var fields = new HashMap<>(event.fields());
        fields.put(name, content);
        return new Event(event.process(), event.at(), event.kind(), fields);
    }

    static void event(List<Event> all, int second, String kind, Object... fields) {
        all.add(Event.of("test", T + second * Event.SECOND, kind, fields));
    }
}
