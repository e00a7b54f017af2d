package io.syncline.scheduler.catalog;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a document is checked against besides its own words. */
interface Surroundings {

    /** A system that tasks may name. */
    Optional<SyncSystem> system(String key);

    /** A calendar that a schedule may name. */
    default Optional<BusinessCalendar> calendar(String key) {
        return Optional.empty();
    }

    /** The next fire times from now. @throws IllegalArgumentException when the expression cannot be read */
    List<Instant> fireTimes(Schedule schedule, @Nullable BusinessCalendar calendar);

    boolean approved(URI instance);

    /** Whether alert rules may name the channel. */
    default boolean channel(String key) {
        return true;
    }

    /** What the editor may do with the labels; free where nobody edits. */
    default LabelEdit labels() {
        return LabelEdit.FREE;
    }

    /** Whether a system may keep a source for its own clients. */
    default boolean mayKeepSource(String source) {
        return true;
    }

    /** What is stored of a credential of the system whose document this is. */
    default Optional<KeptCredential> kept(String credential) {
        return Optional.empty();
    }

    /** For documents that passed all checks when they were stored. */
    Surroundings STORED = new Surroundings() {
        @Override
        public Optional<SyncSystem> system(String key) {
            return Optional.empty();
        }

        @Override
        public List<Instant> fireTimes(Schedule schedule, @Nullable BusinessCalendar calendar) {
            return List.of(Instant.MAX);
        }

        @Override
        public boolean approved(URI instance) {
            return true;
        }
    };
}
