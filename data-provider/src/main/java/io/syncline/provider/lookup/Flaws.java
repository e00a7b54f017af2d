package io.syncline.provider.lookup;

import io.syncline.provider.problem.ProblemException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What is wrong with the ids of a request, told together, as many as fit in an answer. */
final class Flaws {

    private static final int TOLD = 100;

    private final List<Map<String, Object>> errors = new ArrayList<>();

    private int first;

    void add(int index, String detail, String code) {
        if (errors.isEmpty()) {
            first = index;
        }
        if (errors.size() < TOLD) {
            errors.add(Map.of("pointer", "/" + index, "index", index, "detail", detail, "code", code));
        }
    }

    /** @throws ProblemException 400 with the index of each */
    void refuse() {
        if (errors.isEmpty()) {
            return;
        }
        throw ProblemException.of(400, "invalid-ids", "Some ids cannot be ids of this dataset")
                .detail("Correct or leave out the ids at the places named in errors; the first place is 0")
                .member("index", first)
                .errors(errors);
    }
}
