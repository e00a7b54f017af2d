package io.syncline.scheduler.catalog;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What one evaluation may cost: time, depth, and the size of each value that it makes, counted as if it were written out, so
 * that nothing small can stand for something huge.
 */
final class MappingBounds {

    static final long MOST_NANOS = 100_000_000;
    static final long MOST_WAIT_NANOS = 1_000_000_000;
    static final int MOST_RESULT_BYTES = 64 * 1024;

    private static final int DEEPEST = 200;

    /** One for each member, element and character; what a body of 1 MB can hold fits in. */
    private static final long HEAVIEST = 2_000_000;

    /** Of one text: searching in it cannot be interrupted. */
    private static final int LONGEST_TEXT = 64 * 1024;

    /** Of all values made together. */
    private static final long MOST_MADE = 8_000_000;

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final long endNanos = System.nanoTime() + MOST_NANOS;
    private final long startCpuNanos = cpuNanos();
    private final Map<Object, Long> weights = new IdentityHashMap<>();
    private long made;
    private int depth;

    /** Negative where the machine does not tell, as on virtual threads. */
    private static long cpuNanos() {
        return THREADS.isCurrentThreadCpuTimeSupported() ? THREADS.getCurrentThreadCpuTime() : -1;
    }

    void enter() {
        if (++depth > DEEPEST) {
            throw new MappingFailedException("it is too deep");
        }
        inTime();
    }

    void leave(@Nullable Object result) {
        depth--;
        checkTexts(result);
        weight(result);
        inTime();
    }

    /** Only what a step gives reaches a function; texts deeper in the input may be longer. */
    private static void checkTexts(@Nullable Object result) {
        if (result instanceof Collection<?> members) {
            members.forEach(MappingBounds::checkText);
        } else {
            checkText(result);
        }
    }

    private static void checkText(@Nullable Object value) {
        if (value instanceof String text && text.length() > LONGEST_TEXT) {
            throw new MappingFailedException("a text has more than " + LONGEST_TEXT / 1024 + " Ki characters");
        }
    }

    /** Time of this thread's own, where it can be told: a busy machine makes no mapping too long. */
    private void inTime() {
        long over = System.nanoTime() - endNanos;
        if (over > 0 && (over > MOST_WAIT_NANOS || cpuNanos() - startCpuNanos > MOST_NANOS || startCpuNanos < 0)) {
            throw new MappingFailedException("it takes longer than " + MOST_NANOS / 1_000_000 + " ms");
        }
    }

    private long weight(@Nullable Object value) {
        if (value instanceof String text) {
            if (weights.put(text, (long) text.length()) == null) {
                make(text.length());
            }
            return light(text.length() + 1L);
        }
        if (!(value instanceof Collection) && !(value instanceof Map)) {
            return 1;
        }
        var known = weights.get(value);
        // A list may have grown since it was weighed.
        if (known != null && !(value instanceof List)) {
            return known;
        }
        var members = value instanceof Map<?, ?> map ? map.values() : (Collection<?>) value;
        light(members.size());
        if (known == null) {
            make(members.size());
        }
        long weight = 1;
        int number = 0;
        for (Object member : members) {
            weight = light(weight + weightOfMember(member));
            if ((++number & 0xfff) == 0) {
                inTime();
            }
        }
        weights.put(value, weight);
        return weight;
    }

    /** Members of what was weighed before have their weight; lists within do not grow any more. */
    private long weightOfMember(@Nullable Object member) {
        var known = member instanceof List ? weights.get(member) : null;
        return known == null ? weight(member) : known;
    }

    private static long light(long weight) {
        if (weight > HEAVIEST) {
            throw new MappingFailedException("it makes too much of its input");
        }
        return weight;
    }

    private void make(long size) {
        made += size;
        if (made > MOST_MADE) {
            throw new MappingFailedException("it makes too much of its input");
        }
    }

    /** @throws MappingFailedException when it is too large */
    static ObjectNode written(Object result, JsonMapper json) {
        var out = new Limited();
        try {
            json.writeValue(out, checked(result, 0));
        } catch (JacksonException e) {
            if (e.getCause() instanceof MappingFailedException tooLarge) {
                throw tooLarge;
            }
            throw e;
        }
        return (ObjectNode) json.readTree(out.bytes.toByteArray());
    }

    /** Functions and the like are no JSON, and must not be written as whatever a serializer makes of them. */
    private static Object checked(Object value, int depth) {
        if (depth > DEEPEST) {
            throw new MappingFailedException("its result is too deep");
        }
        if (value instanceof Map<?, ?> map) {
            map.values().forEach(member -> checkedOrNull(member, depth + 1));
        } else if (value instanceof Collection<?> list) {
            list.forEach(member -> checkedOrNull(member, depth + 1));
        } else if (!(value instanceof String || value instanceof Number || value instanceof Boolean)) {
            throw new MappingFailedException("its result has a function in it");
        }
        return value;
    }

    private static void checkedOrNull(@Nullable Object value, int depth) {
        if (value != null) {
            checked(value, depth);
        }
    }

    private static final class Limited extends OutputStream {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        @Override
        public void write(int one) {
            room(1);
            bytes.write(one);
        }

        @Override
        public void write(byte[] some, int from, int length) {
            room(length);
            bytes.write(some, from, length);
        }

        private void room(int length) {
            if (bytes.size() + length > MOST_RESULT_BYTES) {
                throw new MappingFailedException("its result is larger than " + MOST_RESULT_BYTES / 1024 + " KiB");
            }
        }
    }
}
