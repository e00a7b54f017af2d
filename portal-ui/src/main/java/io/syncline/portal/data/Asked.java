package io.syncline.portal.data;

import io.syncline.portal.platform.DataServices.Service;
import io.syncline.portal.platform.PlatformException;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a service answered, or what is wrong with it: one that does not answer leaves the rest of the page standing.
 *
 * @param trouble null with an answer, and where nobody asked
 */
record Asked<T>(@Nullable T answer, @Nullable Trouble trouble) {

    /** What is wrong, for its own part of the page. */
    record Trouble(
            PlatformException.Kind kind,
            String title,
            String words,
            @Nullable String traceId) {

        static Trouble of(Service service, PlatformException trouble) {
            var title = switch (trouble.kind()) {
                case NOT_CONNECTED, FORBIDDEN -> "The portal may not ask the %s";
                case REFUSED_QUESTION, REFUSED_FORM, CONFLICT -> "The %s does not accept this";
                case UNKNOWN -> "The %s does not have this";
                case UNREADABLE -> "The answer of the %s cannot be read";
                case UNAVAILABLE -> "The %s cannot be asked now";
            };
            return new Trouble(trouble.kind(), title.formatted(service.words()), trouble.words(), trouble.traceId());
        }
    }

    static <T> Asked<T> of(Service service, Supplier<T> question) {
        try {
            return new Asked<>(question.get(), null);
        } catch (PlatformException trouble) {
            return new Asked<>(null, Trouble.of(service, trouble));
        }
    }

    /** Nobody was asked. */
    static <T> Asked<T> nobody() {
        return new Asked<>(null, null);
    }

    <R> Optional<R> map(Function<T, R> made) {
        return answer == null ? Optional.empty() : Optional.of(made.apply(answer));
    }
}
