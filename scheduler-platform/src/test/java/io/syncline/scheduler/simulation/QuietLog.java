package io.syncline.scheduler.simulation;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.function.Consumer;
import org.slf4j.LoggerFactory;

/** Keeps the product's log of thousands of faults away, but hears its errors: none of the faults is one. */
final class QuietLog implements AutoCloseable {

    private static final ThreadLocal<Consumer<String>> LISTENER = new ThreadLocal<>();

    private final Logger log = (Logger) LoggerFactory.getLogger("io.syncline.scheduler");
    private final Logger outbox = (Logger) LoggerFactory.getLogger("io.syncline.outbox");
    private final Logger meters = (Logger) LoggerFactory.getLogger("io.micrometer");
    private final Level level = log.getLevel();
    private final Level levelOfOutbox = outbox.getLevel();
    private final Level levelOfMeters = meters.getLevel();
    private final Errors errors = new Errors();

    private static final class Errors extends AppenderBase<ILoggingEvent> {
        @Override
        protected void append(ILoggingEvent event) {
            var thrown = event.getThrowableProxy();
            var listener = LISTENER.get();
            if (listener != null && (thrown == null || !thrown.getClassName().equals(NodeGone.class.getName()))) {
                listener.accept(event.getFormattedMessage() + (thrown == null ? "" : ": " + thrown.getMessage()));
            }
        }
    }

    QuietLog() {
        log.setLevel(Level.ERROR);
        log.setAdditive(false);
        log.addAppender(errors);
        outbox.setLevel(Level.ERROR);
        outbox.setAdditive(false);
        outbox.addAppender(errors);
        errors.start();
        meters.setLevel(Level.OFF);
    }

    /** Errors that this thread logs are told from now on. */
    static void heardBy(Consumer<String> listener) {
        LISTENER.set(listener);
    }

    @Override
    public void close() {
        log.setLevel(level);
        log.setAdditive(true);
        log.detachAppender(errors);
        outbox.setLevel(levelOfOutbox);
        outbox.setAdditive(true);
        outbox.detachAppender(errors);
        meters.setLevel(levelOfMeters);
    }
}
