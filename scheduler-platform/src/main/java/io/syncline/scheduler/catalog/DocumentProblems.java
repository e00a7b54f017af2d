package io.syncline.scheduler.catalog;

import io.syncline.scheduler.security.ProblemException;
import java.util.function.Supplier;

/** Turns what is wrong with documents into the problems that their senders are told. */
final class DocumentProblems {

    private DocumentProblems() {}

    static <T> T told(Supplier<T> reading) {
        try {
            return reading.get();
        } catch (UnreadableDocumentException e) {
            throw unreadable(e);
        } catch (InvalidDocumentException e) {
            throw invalid(e);
        }
    }

    private static ProblemException unreadable(UnreadableDocumentException e) {
        return ProblemException.of(400, "malformed-body", "The body cannot be read")
                .detail(String.valueOf(e.getMessage()));
    }

    private static ProblemException invalid(InvalidDocumentException e) {
        ProblemException problem = ProblemException.of(422, "invalid-document", "The document is not valid")
                .detail("Correct what the errors name and send the document again.");
        e.errors().forEach(error -> problem.error(error.pointer(), error.detail(), error.code()));
        return problem;
    }

    static ProblemException notFound(String what) {
        return ProblemException.of(404, "not-found", "Not found").detail(what);
    }

    /** Somebody else's, of which no more is told. */
    static ProblemException keyTaken(String key) {
        return ProblemException.of(409, "key-taken", "The key is taken")
                .detail("The key '" + key + "' is taken; choose another one.");
    }

    static ProblemException nothingToRetire(String why) {
        return ProblemException.of(409, "nothing-to-retire", "There is no old secret")
                .detail(why);
    }

    static ProblemException inUse(String why) {
        return ProblemException.of(409, "in-use", "Still in use").detail(why);
    }
}
